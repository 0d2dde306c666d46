/** An alert: what it says, since when, what to do, and what was done. */

import { html, nothing, type TemplateResult } from "lit";
import { given } from "../format";
import { datastreamOf, isOpen } from "../model/model";
import { type Alert, seconds } from "../model/shapes";
import { ageText, alertMark, areaName, originBadge, pastMark, thingName, written } from "../pieces";
import type { View } from "../store";
import { type Content, fact, type Host, stepList } from "./content";

export function alertDetail(view: View, id: string, host: Host): Content {
  const { words, model } = view;
  const alert = model.alerts.get(id) ?? model.closed.get(id) ?? null;
  if (!alert) {
    return {
      title: words.text("wall-alert-gone"),
      kicker: "",
      body: html`<p class="note">${words.text("wall-alert-gone-note")}</p>`,
    };
  }
  return {
    title: words.name(alert.message, alert.rule),
    kicker: html`${words.text(`wall-severity-${alert.severity}`)} · ${areaName(view, alert.area)}`,
    body: whole(view, alert, host),
  };
}

function whole(view: View, alert: Alert, host: Host): TemplateResult {
  const { words, format } = view;
  const at = (text: string | null) => (text ? format.time(seconds(text), view.now) : null);
  const shown = datastreamOf(view.model, `${alert.thing}/${alert.datastream}`);
  const amount = (value: number | null) => {
    // An alert about a thing itself is about no value.
    if (value === null || !alert.datastream) return null;
    if (!shown) return `${format.number(value, given(value))} ${words.unit(alert.unit)}`;
    const { text, unit } = written(view, shown.datastream, value);
    return `${text} ${unit}`;
  };
  const waiting = alert.state === "unacknowledged" || alert.state === "returned";
  return html`<p class="detail-state" data-alert=${alert.id}>
      ${isOpen(alert) ? alertMark(view, alert) : pastMark(view, alert.severity)}
      <strong>${words.text(`wall-severity-${alert.severity}`)}</strong>
      <span>${words.text(`wall-alert-${alert.state}`)}</span>
      ${originBadge(view, alert.origin)}
    </p>
    <dl class="facts">
      ${fact(words.text("wall-alert-since"), `${at(alert.raised_at)} (${ageText(view, seconds(alert.raised_at))})`)}
      ${fact(words.text("wall-alert-cleared"), at(alert.cleared_at))}
      ${fact(words.text("wall-alert-value"), amount(alert.value))}
      ${fact(words.text("wall-alert-limit"), amount(alert.limit))}
    </dl>
    <h3>${words.text("wall-alert-response")}</h3>
    <p class="response">${words.name(alert.response, "–")}</p>
    <p class="detail-actions">
      ${
        waiting
          ? html`<button
              type="button"
              class="acknowledge"
              @click=${() => view.actions.acknowledge(alert)}
            >
              ${words.text("wall-acknowledge")} <kbd>A</kbd>
            </button>`
          : nothing
      }
      <button
        type="button"
        data-thing=${alert.thing}
        @click=${() => view.actions.open({ thing: alert.thing })}
      >
        ${thingName(view, alert.thing)}
      </button>
    </p>
    ${shown ? html`<section class="panel detail-chart">${host.chartOf(shown.thing, shown.datastream)}</section>` : nothing}
    <h3>${words.text("wall-alert-steps")}</h3>
    ${stepList(view, alert.steps)}`;
}
