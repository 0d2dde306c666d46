/** Several indicators in one panel, a line each: for boards where a tile each is too much. */

import { html, nothing, type TemplateResult } from "lit";
import { clean, given } from "../format";
import type { Topic } from "../model/model";
import { type PanelConfig, seconds } from "../model/shapes";
import { glyph } from "../pieces";
import type { View } from "../store";
import { MARKS, unitOf } from "./indicator";
import { Panel, texts } from "./panel";

export class IndicatorsPanel extends Panel {
  readonly reads: readonly Topic[] = ["indicators", "clock", "words", "site"];
  private indicators: string[] = [];
  private area = "province";

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicators = texts(config, "indicators");
    this.area = typeof config.area === "string" ? config.area : "province";
  }

  protected draw(view: View): TemplateResult {
    return this.frame(
      view,
      html`<ul class="indicator-list">
        ${this.indicators.map((id) => this.line(view, id))}
      </ul>`,
    );
  }

  private line(view: View, id: string): TemplateResult {
    const { words, format } = view;
    const found = view.model.indicators.get(`${id}/${this.area}`);
    if (!found || found.value === null) {
      return html`<li data-indicator=${id} data-standing="unknown">
        ${glyph("question")}<span class="indicator-name"
          >${found ? words.name(found.name, id) : id}</span
        ><span class="when">${words.text("wall-indicator-none")}</span>
      </li>`;
    }
    const input = seconds(found.oldest_input);
    const unit = unitOf(view, found, found.value);
    return html`<li data-indicator=${id} data-area=${found.area} data-standing=${found.standing}>
      ${glyph(MARKS[found.standing])}
      <span class="indicator-name">${words.name(found.name, id)}</span>
      <span class="number">${format.number(found.value, given(found.value))}</span>
      <span class="unit">${unit}</span>
      <span class="when"
        >${found.source ? (words.find(`source-${found.source}`) ?? clean(found.source)) : words.text("wall-illustrative")}${
          Number.isNaN(input) ? nothing : ` · ${format.time(input, view.now)}`
        }</span
      >
    </li>`;
  }
}

customElements.define("ioc-panel-indicators", IndicatorsPanel);
