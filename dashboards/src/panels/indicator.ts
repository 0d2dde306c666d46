/** One indicator: its number, its target, how it stands, where it moves, and what it rests on. */

import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { clean, given } from "../format";
import type { Topic } from "../model/model";
import { type Indicator, type PanelConfig, type Standing, seconds } from "../model/shapes";
import { ageText, glyph } from "../pieces";
import type { View } from "../store";
import { Panel, text } from "./panel";

export const MARKS: Record<Standing, "check" | "half" | "off" | "question"> = {
  "on-target": "check",
  "at-risk": "half",
  "off-target": "off",
  unknown: "question",
};

/** An input older than this many periods-in-seconds is said to be old, whatever it feeds. */
const OLD_INPUT = 2 * 3600;
const FULL = 0.995;
/** The unit of a value that is a year of the calendar, e.g. that of a goal. */
const YEAR = "calendar-year";

export class IndicatorPanel extends Panel {
  readonly reads: readonly Topic[] = ["indicators", "clock", "words", "site"];
  private indicator = "";
  private area = "province";

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicator = text(config, "indicator");
    this.area = typeof config.area === "string" ? config.area : "province";
  }

  protected draw(view: View): TemplateResult {
    const found = view.model.indicators.get(`${this.indicator}/${this.area}`);
    if (!found) {
      return this.frame(
        view,
        html`<div class="indicator" data-indicator=${this.indicator} data-standing="unknown">
          <p class="note">${view.words.text("wall-indicator-none")}</p>
        </div>`,
      );
    }
    return this.frame(view, this.tile(view, found), {
      origin: found.origin,
    });
  }

  private tile(view: View, indicator: Indicator): TemplateResult {
    const { words, format } = view;
    const { value, target } = indicator;
    const places = indicator.decimals ?? given(value, indicator.previous);
    const unit = unitOf(view, indicator, value);
    const standing = value === null ? "unknown" : indicator.standing;
    const thin = indicator.coverage !== null && indicator.coverage < FULL;
    const input = seconds(indicator.oldest_input);
    const old = view.now - input > OLD_INPUT;
    const grade = graded(view, indicator);
    const bound = indicator.direction === "down" ? "≤" : "≥";
    return html`<button
      type="button"
      @click=${() => view.actions.open({ indicator: indicator.id, area: indicator.area })}
      class=${classMap({ indicator: true, thin: thin || old })}
      data-indicator=${indicator.id}
      data-area=${indicator.area}
      data-standing=${target === null && value !== null ? "none" : standing}
    >
      <span class="big">
        <span class=${grade ? (grade.length > 9 ? "word long" : "word") : "number"}
          >${grade ?? figure(view, indicator, places)}</span
        >
        ${grade ? nothing : html`<span class="unit">${unit}</span>`}
      </span>
      <span class="standing">
        ${
          target === null && value !== null
            ? html`<span class="unit">${words.text("wall-target-none")}</span>`
            : html`${glyph(MARKS[standing])}<span>${words.text(`wall-standing-${standing}`)}</span>`
        }
        ${this.trend(view, indicator, places)}
      </span>
      <span class="basis">
        <span
          >${
            target === null
              ? ""
              : `${words.text("wall-target")} ${bound} ${format.number(target, given(target))} ${unit.length > 7 ? "" : unitOf(view, indicator, target)}`
          }</span
        >
        ${
          Number.isNaN(input)
            ? nothing
            : html`<span class=${old ? "doubt" : "when"}
                >${old ? words.text("wall-stale", { age: ageText(view, input) }) : format.time(input, view.now)}</span
              >`
        }
      </span>
      <span class="basis">
        <span>${this.source(view, indicator)}</span>
        ${
          indicator.coverage === null
            ? nothing
            : html`<span class=${thin ? "doubt" : ""}
                >${words.text("wall-coverage", { n: Math.floor(indicator.coverage * 100) })}</span
              >`
        }
      </span>
    </button>`;
  }

  private source(view: View, indicator: Indicator): string {
    return indicator.source
      ? (view.words.find(`source-${indicator.source}`) ?? clean(indicator.source))
      : view.words.text("wall-illustrative");
  }

  private trend(view: View, indicator: Indicator, places: number): unknown {
    if (indicator.value === null || indicator.previous === null) return nothing;
    const change = indicator.value - indicator.previous;
    const step = 0.5 * 10 ** -places;
    const way = Math.abs(change) < step ? "level" : change > 0 ? "up" : "down";
    const better = way === "level" ? null : change > 0 === (indicator.direction === "up");
    const label = view.words.text("wall-previous", {
      value: view.format.number(indicator.previous, places),
    });
    return html`<span
      class="trend"
      data-better=${better === null ? "same" : String(better)}
      role="img"
      aria-label=${label}
      >${glyph(way)}<span class="number">${view.format.difference(change, places)}</span></span
    >`;
  }
}

/** The word of a graded value, such as a level of fire danger; null for a plain number. */
export function graded(view: View, indicator: Indicator): string | null {
  const word = indicator.value === null ? null : indicator.levels?.[Math.round(indicator.value)];
  return word ? view.words.name(word, "") || null : null;
}

/** The value in figures: a count is grouped by thousands, a year of the calendar is not. */
export function figure(view: View, indicator: Indicator, places: number): string {
  const { value, unit } = indicator;
  return unit === YEAR && value !== null ? String(value) : view.format.number(value, places);
}

/** The unit; of a bare count what is counted, in the number's own form. */
export function unitOf(view: View, indicator: Indicator, n: number | null): string {
  const { words } = view;
  if (indicator.unit === YEAR) return "";
  return words.unit(indicator.unit) || words.find(`unit-of-${indicator.id}`, { n: n ?? 0 }) || "";
}

customElements.define("ioc-panel-indicator", IndicatorPanel);
