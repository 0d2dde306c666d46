/** An alert: what it says, since when, what to do, and what was done. */

import { html, nothing, type TemplateResult } from "lit";
import { deedBar } from "../console/bar";
import { clean, given } from "../format";
import { datastreamOf, isOpen } from "../model/model";
import { type Alert, seconds } from "../model/shapes";
import { addressOf } from "../past/moment";
import { ageText, alertMark, areaName, originBadge, pastMark, thingName, written } from "../pieces";
import type { View } from "../store";
import { type Content, fact, type Host, stepList } from "./content";

export function alertDetail(view: View, id: string, host: Host): Content {
  const { words, model } = view;
  // What is over for long is known to the server alone.
  const kept = model.alerts.get(id) ?? model.closed.get(id);
  const alert = kept ?? view.actions.ask<Alert>(`/alerts/${encodeURIComponent(id)}`, 30).body;
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
      ${fact(words.text("console-rule"), ruleName(view, alert.rule))}
      ${fact(words.text("console-shelved-until"), at(alert.shelved_until))}
      ${fact(words.text("console-reason"), alert.reason ? (words.find(`console-reason-${alert.reason}`) ?? clean(alert.reason)) : null)}
    </dl>
    <h3>${words.text("wall-alert-response")}</h3>
    <p class="response">${words.name(alert.response, "–")}</p>
    ${deedBar(view, { alert: alert.id })}
    <p class="detail-actions">
      ${
        alert.thing
          ? html`<button
              type="button"
              data-thing=${alert.thing}
              @click=${() => view.actions.open({ thing: alert.thing })}
            >
              ${thingName(view, alert.thing)}
            </button>`
          : nothing
      }
      ${
        alert.incident
          ? html`<button
              type="button"
              @click=${() => view.actions.open({ incident: alert.incident as string })}
            >
              ${words.text("console-its-incident")} <kbd>I</kbd>
            </button>`
          : nothing
      }
      <a class="then" href=${addressOf(location.search, seconds(alert.raised_at))}
        >${words.text("wall-then-look")}</a
      >
      <a href="/api/v1/alerts/${encodeURIComponent(alert.id)}/cap" target="_blank" rel="noopener"
        >CAP 1.2</a
      >
    </p>
    ${shown ? html`<section class="panel detail-chart">${host.chartOf(shown.thing, shown.datastream)}</section>` : nothing}
    <h3>${words.text("wall-alert-steps")}</h3>
    ${stepList(view, alert.steps)}`;
}

/** What a rule is called; an alert that a person raised has none. */
function ruleName(view: View, id: string): string {
  const rule = view.model.site?.rules.find((one) => one.id === id);
  if (rule) return view.words.name(rule.name, id);
  return id === "manual" ? view.words.text("console-by-hand") : clean(id);
}
