/** What the parts of the detail share: the shape of what they give, facts, alerts, steps. */

import { html, nothing, type TemplateResult } from "lit";
import { clean } from "../format";
import { urgentAlerts } from "../model/model";
import { type Alert, type Datastream, type Step, seconds, type Thing } from "../model/shapes";
import { alertMark } from "../pieces";
import type { View } from "../store";

const MOST_ALERTS = 8;

/** What stands beside the board about one subject. */
export interface Content {
  title: string;
  kicker: unknown;
  body: unknown;
}

/** What the detail does for its parts. */
export interface Host {
  readonly chosen: string | null;
  choose(datastream: string): void;
  /** The chart of a datastream: one element, kept while the subject stays. */
  chartOf(thing: Thing, datastream: Datastream): unknown;
}

/** A name with its value; nothing where there is no value. */
export function fact(name: string, value: unknown): unknown {
  return value === null || value === undefined || value === ""
    ? nothing
    : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** The open alerts somebody looks for, the most urgent first; nothing where there are none. */
export function alertList(view: View, wanted: (alert: Alert) => boolean): unknown {
  const alerts = urgentAlerts(view.model).filter(wanted);
  if (alerts.length === 0) return nothing;
  return html`<ul class="detail-alerts">
    ${alerts.slice(0, MOST_ALERTS).map(
      (alert) =>
        html`<li>
          <button
            type="button"
            data-alert=${alert.id}
            data-severity=${alert.severity}
            @click=${() => view.actions.open({ alert: alert.id })}
          >
            ${alertMark(view, alert)}
            <span>${view.words.name(alert.message, alert.rule)}</span>
            <span class="when">${view.format.time(seconds(alert.raised_at), view.now)}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** What happened to an alert, an incident or a task, by whom and with what words. */
export function stepList(view: View, steps: readonly Step[]): TemplateResult {
  const { words, format } = view;
  return html`<ol class="steps">
    ${steps.map(
      (step) =>
        html`<li>
          <span class="when">${format.time(seconds(step.at), view.now)}</span>
          <span>${words.find(`wall-step-${step.step}`) ?? clean(step.step)}</span>
          <span class="by">${words.find(`wall-by-${step.by}`) ?? clean(step.by)}</span>
          ${step.note ? html`<q>${clean(step.note)}</q>` : nothing}
        </li>`,
    )}
  </ol>`;
}
