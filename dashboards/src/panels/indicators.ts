/** Several indicators in one panel, a line each: for boards where a tile each is too much. */

import { html, nothing, type TemplateResult } from "lit";
import { clean, given } from "../format";
import type { Topic } from "../model/model";
import { type Localized, type PanelConfig, seconds } from "../model/shapes";
import { glyph, otherOrigin } from "../pieces";
import type { View } from "../store";
import { figure, graded, MARKS, unitOf } from "./indicator";
import { heads, texts } from "./panel";
import { RowsPanel } from "./rows";

const ROW = 1.7;

export class IndicatorsPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["indicators", "clock", "words", "site"];
  private indicators: string[] = [];
  private heads: Record<string, Localized> = {};
  private area = "province";

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicators = texts(config, "indicators");
    this.heads = heads(config);
    this.area = typeof config.area === "string" ? config.area : "province";
  }

  protected draw(view: View): TemplateResult {
    const rows = this.fitting(this.indicators, ROW);
    // Official figures carry their year and source; where they come from is said once, above.
    const official = rows
      .map((id) => view.model.indicators.get(`${id}/${this.area}`))
      .find((one) => one?.year);
    return this.frame(
      view,
      html`<ul class="indicator-list">
          ${rows.map((id) => this.line(view, id))}
        </ul>
        ${this.more(view, this.indicators.length, rows.length)}`,
      { origin: official?.origin },
    );
  }

  private line(view: View, id: string): TemplateResult {
    const { words, format } = view;
    const found = view.model.indicators.get(`${id}/${this.area}`);
    const name = words.name(this.heads[id] ?? found?.name, id);
    if (!found || found.value === null) {
      return html`<li data-indicator=${id} data-standing="unknown">
        ${glyph("question")}<span class="indicator-name">${name}</span
        ><span class="when">${words.text("wall-indicator-none")}</span>
      </li>`;
    }
    const input = seconds(found.oldest_input ?? found.period[1]);
    const grade = graded(view, found);
    return html`<li>
      <button
        type="button"
        data-indicator=${id}
        data-area=${found.area}
        data-standing=${found.standing}
        @click=${() => view.actions.open({ indicator: id, area: this.area })}
      >
        ${found.target === null ? html`<span></span>` : glyph(MARKS[found.standing])}
        <span class="indicator-name">${found.year ? nothing : otherOrigin(view, found.origin)}${name}</span>
        <span class="indicator-value"
          ><span class="number"
            >${grade ?? figure(view, found, found.decimals ?? given(found.value))}</span
          >
          ${grade ? nothing : html`<span class="unit">${unitOf(view, found, found.value)}</span>`}</span
        >
        <span class="indicator-goal unit"
          >${
            found.target === null || grade
              ? nothing
              : `${found.direction === "down" ? "≤" : "≥"} ${format.number(found.target, given(found.target))}`
          }</span
        >
        <span class="when"
          >${
            found.source
              ? (words.find(`source-${found.source}`) ?? clean(found.source))
              : words.text("wall-illustrative")
          }${
            found.year
              ? ` · ${found.year}`
              : Number.isNaN(input)
                ? nothing
                : ` · ${format.time(input, view.now)}`
          }</span
        >
      </button>
    </li>`;
  }
}

customElements.define("ioc-panel-indicators", IndicatorsPanel);
