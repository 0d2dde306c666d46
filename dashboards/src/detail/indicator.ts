/** An indicator: its number and target, its past, and what it is made of, down to the things. */

import { html, nothing, type TemplateResult } from "lit";
import { clean, given } from "../format";
import { type Indicator, type IndicatorHistory, type Lineage, seconds } from "../model/shapes";
import { unitOf } from "../panels/indicator";
import { pastChart, pastOf } from "../panels/trend";
import { areaName, originBadge, streamName, thingName } from "../pieces";
import type { View } from "../store";
import { type Content, fact } from "./content";

const RENEW = 60;
const DAYS = 7;
const MOST_INPUTS = 60;

export function indicatorDetail(view: View, id: string, area: string): Content {
  const found = view.model.indicators.get(`${id}/${area}`);
  return {
    title: found ? view.words.name(found.name, id) : id,
    kicker: html`${view.words.text("wall-indicator")} · ${areaName(view, area)}`,
    body: found
      ? whole(view, found)
      : html`<p class="note">${view.words.text("wall-indicator-none")}</p>`,
  };
}

function whole(view: View, found: Indicator): TemplateResult {
  const { words, format } = view;
  const unit = unitOf(view, found, found.value);
  const amount = (value: number | null | undefined) =>
    value === null || value === undefined
      ? null
      : `${format.number(value, found.decimals ?? given(value))} ${unit}`;
  const bound = found.direction === "down" ? "≤" : "≥";
  return html`<p class="detail-state" data-indicator=${found.id}>
      <span class="detail-figure number">${amount(found.value) ?? "–"}</span>
      <strong>${words.text(`wall-standing-${found.standing}`)}</strong>
      ${originBadge(view, found.origin)}
    </p>
    <dl class="facts">
      ${fact(words.text("wall-target-name"), found.target === null ? null : `${bound} ${amount(found.target)}`)}
      ${fact(words.text("wall-previous-name"), amount(found.previous))}
      ${fact(words.text("wall-previous-year"), amount(found.previous_year))}
      ${fact(words.text("wall-coverage-name"), found.coverage === null ? null : `${format.number(100 * found.coverage, 0)} %`)}
      ${fact(words.text("wall-oldest-input"), found.oldest_input ? format.time(seconds(found.oldest_input), view.now) : null)}
      ${fact(words.text("wall-owner"), found.owner ? clean(found.owner) : null)}
      ${fact(
        words.text("wall-source"),
        found.source
          ? (words.find(`source-${found.source}`) ?? clean(found.source))
          : words.text("wall-illustrative"),
      )}
    </dl>
    ${found.note ? html`<p class="response">${words.name(found.note, "")}</p>` : nothing}
    <h3>${words.text("wall-last-days", { n: DAYS })}</h3>
    ${past(view, found)} ${lineage(view, found)}`;
}

function past(view: View, found: Indicator): TemplateResult {
  const path = pastOf(view, found.id, found.area, DAYS);
  const { body, problem } = view.actions.ask<IndicatorHistory>(path, RENEW);
  if (body) return html`<div class="detail-past">${pastChart(view, body)}</div>`;
  return html`<p class="note">${view.words.text(problem ? "wall-unread" : "wall-reading")}</p>`;
}

/** The formula, and every input with its share: a person gets from the number to the gauge. */
function lineage(view: View, found: Indicator): TemplateResult {
  const { words, format } = view;
  const query = new URLSearchParams({ area: found.area });
  const { body, problem } = view.actions.ask<Lineage>(
    `/indicators/${encodeURIComponent(found.id)}/lineage?${query}`,
    RENEW,
  );
  if (!body) {
    return html`<h3>${words.text("wall-lineage")}</h3>
      <p class="note">${words.text(problem ? "wall-unread" : "wall-reading")}</p>`;
  }
  const inputs = body.inputs.toSorted((a, b) => (b.contribution ?? 0) - (a.contribution ?? 0));
  return html`<h3>${words.text("wall-lineage")}</h3>
    <p><code>${clean(body.formula)}</code></p>
    <h4>${words.text("wall-inputs", { n: inputs.length })}</h4>
    <ul class="detail-things">
      ${inputs.slice(0, MOST_INPUTS).map(
        (input) =>
          html`<li>
            <button
              type="button"
              data-thing=${input.thing}
              @click=${() => view.actions.open({ thing: input.thing })}
            >
              <span>${thingName(view, input.thing)}<small>${streamName(view, input.thing, input.datastream)}</small></span>
              <span class="value"
                ><span class="number"
                  >${input.value === null ? "–" : format.number(input.value, given(input.value))}</span
                >
                <span class="when"
                  >${input.newest ? format.time(seconds(input.newest), view.now) : words.text("wall-quality-missing")}${
                    input.contribution === null
                      ? ""
                      : ` · ${format.number(100 * input.contribution, 1)} %`
                  }</span
                ></span
              >
            </button>
          </li>`,
      )}
    </ul>`;
}
