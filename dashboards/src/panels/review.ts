/**
 * For leaders: what happened since they last looked, what is open, who has it, what is late, and
 * how many people live where it is grave. From here a task is given, and "seen" said.
 */

import { html, nothing, type TemplateResult } from "lit";
import { deedButton } from "../console/bar";
import { may } from "../console/roles";
import { clean } from "../format";
import { isOpen, type Topic } from "../model/model";
import { type Alert, type Incident, seconds, type Task } from "../model/shapes";
import { ageText, areaName, glyph, pastMark, signMark } from "../pieces";
import type { View } from "../store";
import { incidentTitle, isLate } from "./cases";
import { Panel } from "./panel";

const RENEW = 30;
const PARTS = ["raised", "cleared", "open", "assigned", "late"] as const;
/** Stretches a leader may look back over instead, in hours; 0 is since they last looked. */
const STRETCHES = [0, 8, 24, 168] as const;
const MOST = 30;

type Case = (Incident | Task) & { kind?: "incident" | "task"; severity?: number };

interface Review {
  since: string;
  until: string;
  raised: Alert[];
  cleared: Alert[];
  assigned: Case[];
  late: Case[];
  open: Alert[];
  owed?: Case[];
  owners?: Record<string, number>;
  areas?: { id: string; population: number | null; population_source: string | null }[];
  people?: number;
  looked_at?: string | null;
  counts: Record<(typeof PARTS)[number], number>;
}

export class ReviewPanel extends Panel {
  readonly reads: readonly Topic[] = ["answers", "clock", "words", "site", "user", "incidents"];
  private hours = 0;
  /** The beginning of the stretch chosen, kept so that the same question is asked again. */
  private since = "";

  protected draw(view: View): TemplateResult {
    const { words, format } = view;
    const query = this.since ? `?since=${encodeURIComponent(this.since)}` : "";
    const { body, problem } = view.actions.ask<Review>(`/review${query}`, RENEW);
    if (problem && (problem.status === 401 || problem.status === 403)) {
      return this.frame(view, html`<p class="note">${words.text("wall-needs-login")}</p>`);
    }
    if (!body) {
      const said = problem ? "wall-unread" : "wall-reading";
      return this.frame(view, html`<p class="note">${words.text(said)}</p>`);
    }
    return this.frame(
      view,
      html`${this.stretch(view, body)}
        <ul class="review-counts">
          ${PARTS.map(
            (part) =>
              html`<li data-count=${part}>
                <span class="number">${format.number(body.counts[part] ?? 0)}</span>
                <span class="unit">${words.text(`wall-review-${part}`)}</span>
              </li>`,
          )}
        </ul>
        ${this.people(view, body)}
        <div class="scrolled" tabindex="0" role="group" aria-label=${words.text("console-review")}>
          ${this.owners(view, body)} ${this.late(view, body)} ${this.alerts(view, body)}
        </div>`,
      { at: seconds(body.until) },
    );
  }

  private stretch(view: View, body: Review): TemplateResult {
    const { words, format, model } = view;
    const role = model.user?.role;
    const until = body.until;
    return html`<p class="review-stretch">
      <label
        >${words.text("console-since-label")}
        <select
          name="since"
          @change=${(event: Event) => {
            this.hours = Number((event.currentTarget as HTMLSelectElement).value);
            const start = view.now - this.hours * 3600;
            this.since = this.hours ? new Date(start * 1000).toISOString() : "";
            this.requestUpdate();
          }}
        >
          ${STRETCHES.map(
            (hours) =>
              html`<option value=${hours} ?selected=${hours === this.hours}>
                ${hours ? words.text("console-last-hours", { n: hours }) : words.text("console-last-look")}
              </option>`,
          )}
        </select>
      </label>
      <span class="when">${words.text("wall-review-since", { time: format.time(seconds(body.since), view.now) })}</span>
      ${
        may(role, "review")
          ? html`<button
              type="button"
              class="deed"
              data-do="looked"
              @click=${() => view.actions.looked(until)}
            >
              ${words.text("console-do-looked")}
            </button>`
          : nothing
      }
      ${may(role, "give") ? deedButton(view, { id: "give", key: "w" }, []) : nothing}
    </p>`;
  }

  /** How many people live where something grave is open; a number without a source says so. */
  private people(view: View, body: Review): unknown {
    const { words, format } = view;
    const areas = body.areas ?? [];
    if (areas.length === 0)
      return html`<p class="review-people">${words.text("console-people-none")}</p>`;
    const illustrative = areas.some(({ population_source }) => !population_source);
    return html`<p class="review-people">
      <strong class="number">${format.number(body.people)}</strong>
      ${words.text("console-people", { areas: areas.map(({ id }) => areaName(view, id)).join(", ") })}
      ${illustrative ? html`<small>(${words.text("wall-illustrative")})</small>` : nothing}
    </p>`;
  }

  private owners(view: View, body: Review): unknown {
    const owners = Object.entries(body.owners ?? {}).sort(([, a], [, b]) => b - a);
    if (owners.length === 0) return nothing;
    const late = new Map<string, number>();
    for (const { owner } of body.owed?.filter((one) => isLate(view, one)) ?? []) {
      late.set(owner, (late.get(owner) ?? 0) + 1);
    }
    return html`<h3>${view.words.text("console-who-has")}</h3>
      <ul class="review-owners">
        ${owners.map(
          ([owner, n]) =>
            html`<li>
              <span>${clean(owner)}</span>
              <span class="number"
                >${
                  late.has(owner)
                    ? html`<strong>${view.words.text("console-late-n", { n: late.get(owner) ?? 0 })}</strong> · `
                    : nothing
                }${view.words.text("console-cases-n", { n })}</span
              >
            </li>`,
        )}
      </ul>`;
  }

  private late(view: View, body: Review): unknown {
    const cases = [...body.late, ...(body.owed ?? []).filter((one) => isLate(view, one))].filter(
      (one, at, all) => all.findIndex(({ id }) => id === one.id) === at,
    );
    if (cases.length === 0) return nothing;
    return html`<h3>${view.words.text("wall-late-now")}</h3>
      <ul class="review-alerts">
        ${cases.slice(0, MOST).map((one) => this.case(view, one))}
      </ul>`;
  }

  private case(view: View, one: Case): TemplateResult {
    const { words } = view;
    const isTask = one.kind === "task" || !("alerts" in one);
    const title = isTask ? clean((one as Task).title) : incidentTitle(view, one as Incident);
    const subject = isTask ? { task: one.id } : { incident: one.id };
    return html`<li class="review-case">
      <button type="button" class="past-alert" data-case=${one.id} @click=${() => view.actions.open(subject)}>
        ${one.severity ? signMark(view, one.severity) : glyph("level")}
        <span class="past-text"
          ><span class="past-message">${title}</span
          ><span class="past-place"
            >${one.owner ? clean(one.owner) : words.text("wall-owner-none")} · ${words.text("wall-late")}
            ${ageText(view, seconds(one.due))}</span
          ></span
        >
      </button>
      ${
        !isTask && may(view.model.user?.role, "give")
          ? deedButton(view, { id: "give", key: "" }, [{ incident: one.id }])
          : nothing
      }
    </li>`;
  }

  private alerts(view: View, body: Review): unknown {
    const alerts = [...body.open, ...body.raised, ...body.cleared].filter(
      (one, index, all) => all.findIndex(({ id }) => id === one.id) === index,
    );
    alerts.sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.severity - a.severity);
    if (alerts.length === 0) return nothing;
    return html`<h3>${view.words.text("console-what-happened")}</h3>
      <ul class="review-alerts">
        ${alerts.slice(0, MOST).map((alert) => this.row(view, alert))}
      </ul>
      ${
        alerts.length > MOST
          ? html`<p class="more">${view.words.text("wall-more", { n: alerts.length - MOST })}</p>`
          : nothing
      }`;
  }

  private row(view: View, alert: Alert): TemplateResult {
    return html`<li>
      <button
        type="button"
        class="past-alert"
        data-closed-alert=${alert.id}
        @click=${() => view.actions.open({ alert: alert.id })}
      >
        ${isOpen(alert) ? signMark(view, alert.severity) : pastMark(view, alert.severity)}
        <span class="past-text"
          ><span class="past-message">${view.words.name(alert.message, alert.rule)}</span
          ><span class="past-place"
            ><span class="number">${view.format.time(seconds(alert.raised_at), view.now)}</span> ·
            ${areaName(view, alert.area)} · ${view.words.text(`wall-alert-${alert.state}`)}</span
          ></span
        >
      </button>
    </li>`;
  }
}

customElements.define("ioc-panel-review", ReviewPanel);
