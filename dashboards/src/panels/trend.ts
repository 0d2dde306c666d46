/** One indicator's past with its target, and official figures year by year. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { clean, given } from "../format";
import type { Topic } from "../model/model";
import type { IndicatorHistory, PanelConfig } from "../model/shapes";
import { place } from "../place";
import type { View } from "../store";
import { unitOf } from "./indicator";
import { number, Panel, text, texts } from "./panel";

const DAY = 86_400;
/** A past is asked for again this often, in seconds; a year's figure hardly ever changes. */
const RENEW = 300;
const RENEW_YEARS = 3600;
/** Strokes of a chart more than this many are thinner than a pixel. */
const MOST_POINTS = 400;
const MOST_YEARS = 6;

/** The address of an indicator's past; the start is cut to the hour so that it is asked seldom. */
export function pastOf(view: View, indicator: string, area: string, days: number): string {
  const from = new Date(Math.floor(view.now / 3600) * 3_600_000 - days * DAY * 1000);
  const query = new URLSearchParams({ area, from: from.toISOString() });
  return `/indicators/${encodeURIComponent(indicator)}?${query}`;
}

/** An indicator's past as a line, its target as a dashed one; the scale says least and most. */
export function pastChart(view: View, past: IndicatorHistory): TemplateResult {
  // It begins where it first knew enough: a first day of half the inputs is no fall, and no rise.
  const enough = past.trend.findIndex(([, , coverage]) => coverage >= (past.floor ?? 0));
  const known = past.trend.slice(Math.max(0, enough)).filter(([, value]) => value !== null) as [
    number,
    number,
    number,
  ][];
  if (known.length < 2) return html`<p class="note">${view.words.text("wall-trend-none")}</p>`;
  const step = Math.ceil(known.length / MOST_POINTS);
  const points = known.filter((_, index) => index % step === 0 || index === known.length - 1);
  const values = points.map(([, value]) => value);
  const marks = past.target === null ? values : [...values, past.target];
  const low = Math.min(...marks);
  const high = Math.max(...marks);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  const start = points[0]?.[0] ?? 0;
  const end = points.at(-1)?.[0] ?? 1;
  const x = (at: number) => (1000 * (at - start)) / Math.max(1, end - start);
  const y = (value: number) => 100 - (100 * (value - low + room)) / (high - low + 2 * room);
  const line = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(2)}`).join(" ");
  const places = given(...values.slice(-20));
  const unit = unitOf(view, past, null);
  const label = (value: number) => `${view.format.number(value, places)} ${unit}`;
  return html`<div class="past-chart">
    <span class="past-scale number"><span>${label(high)}</span><span>${label(low)}</span></span>
    <svg
      viewBox="0 0 1000 100"
      preserveAspectRatio="none"
      role="img"
      aria-label="${view.words.name(past.name, past.id)}: ${label(values.at(-1) ?? 0)}"
    >
      ${
        past.target === null
          ? nothing
          : svg`<line class="past-target" x1="0" x2="1000" y1=${y(past.target)} y2=${y(past.target)}></line>`
      }
      <polyline points=${line}></polyline>
    </svg>
    <span class="past-times when number"
      ><span>${view.format.time(start, view.now)}</span
      >${
        past.target === null
          ? nothing
          : html`<span>${view.words.text("wall-target")} ${view.format.number(past.target, given(past.target))} ${unit}</span>`
      }<span>${view.format.time(end, view.now)}</span></span
    >
  </div>`;
}

export class TrendPanel extends Panel {
  readonly reads: readonly Topic[] = ["indicators", "answers", "clock", "words", "site"];
  private indicator = "";
  private area = "province";
  private days = 7;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicator = text(config, "indicator");
    this.days = number(config, "days", 7);
    this.area = typeof config.area === "string" ? config.area : "province";
  }

  protected draw(view: View): TemplateResult {
    const { words } = view;
    if (!Number.isFinite(view.now))
      return this.frame(view, html`<p class="note">${words.text("wall-reading")}</p>`);
    const path = pastOf(view, this.indicator, this.area, this.days);
    const { body, problem } = view.actions.ask<IndicatorHistory>(path, RENEW);
    const aside = words.text("wall-last-days", { n: this.days });
    if (!body) {
      const said = problem ? "wall-unread" : "wall-reading";
      return this.frame(view, html`<p class="note">${words.text(said)}</p>`, { aside });
    }
    return this.frame(
      view,
      html`<button
        type="button"
        class="past-open"
        data-indicator=${this.indicator}
        @click=${() => view.actions.open({ indicator: this.indicator, area: this.area })}
      >
        ${pastChart(view, body)}
      </button>`,
      // Before its first value an indicator has no origin worth a mark.
      {
        aside,
        unit: unitOf(view, body, null),
        origin: body.value === null ? undefined : body.origin,
      },
    );
  }
}

/** Official figures by year: a group of bars for each, with its rank where it has one. */
export class YearsPanel extends Panel {
  readonly reads: readonly Topic[] = ["indicators", "answers", "clock", "words", "site"];
  private indicators: string[] = [];

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicators = texts(config, "indicators");
  }

  protected draw(view: View): TemplateResult {
    return this.frame(
      view,
      html`<div class="years" data-count=${this.indicators.length}>
        ${this.indicators.map((id) => this.group(view, id))}
      </div>`,
    );
  }

  private group(view: View, id: string): TemplateResult {
    const { words, format } = view;
    const { body } = view.actions.ask<IndicatorHistory>(
      `/indicators/${encodeURIComponent(id)}?area=province`,
      RENEW_YEARS,
    );
    if (!body) {
      return html`<section class="year-group" data-indicator=${id}>
        <h3>${id}</h3>
        <p class="note">${words.text("wall-reading")}</p>
      </section>`;
    }
    const values = body.trend.filter(([, value]) => value !== null).slice(-MOST_YEARS);
    const most = Math.max(body.target ?? 0, ...values.map(([, value]) => value ?? 0));
    const places = given(...values.map(([, value]) => value));
    const source = body.source
      ? (words.find(`source-${body.source}`) ?? clean(body.source))
      : words.text("wall-illustrative");
    return html`<section class="year-group" data-indicator=${id}>
      <h3>
        <button type="button" @click=${() => view.actions.open({ indicator: id, area: "province" })}>
          ${words.name(body.name, id)} <span class="unit">${unitOf(view, body, null)}</span>
        </button>
      </h3>
      <ul class="year-bars">
        ${values.map(([at, value], index) => {
          const last = index === values.length - 1;
          return html`<li class=${last ? "last" : ""}>
            <span class="number">${format.number(value, places)}</span>
            <span
              class="year-bar"
              ${place({ height: `${Math.max(2, (100 * (value ?? 0)) / (most || 1)).toFixed(1)}%` })}
            ></span>
            <span class="when number">${yearOf(view, at)}</span>
          </li>`;
        })}
      </ul>
      <p class="basis">
        <span>${source}</span>${
          body.rank ? html`<span>${words.text("wall-rank", { n: body.rank })}</span>` : nothing
        }${
          body.target === null
            ? nothing
            : html`<span
                >${words.text("wall-target")} ${body.direction === "down" ? "≤" : "≥"}
                ${format.number(body.target, given(body.target))}</span
              >`
        }
      </p>
    </section>`;
  }
}

/** A year's figure stands at the year's end, which may be the first moment of the next. */
function yearOf(view: View, at: number): string {
  return view.format.date(at - DAY).slice(-4);
}

customElements.define("ioc-panel-trend", TrendPanel);
customElements.define("ioc-panel-years", YearsPanel);
