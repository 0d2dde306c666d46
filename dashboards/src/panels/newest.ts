/** The things that are new to this wall: what somebody has just made appears here at once. */

import { html, type TemplateResult } from "lit";
import { newestThings, type Topic } from "../model/model";
import type { PanelConfig, Thing } from "../model/shapes";
import { areaName, originBadge, valueMark } from "../pieces";
import type { View } from "../store";
import { number, Panel } from "./panel";

export class NewestPanel extends Panel {
  readonly reads: readonly Topic[] = ["things", "values", "clock", "words", "site"];
  private most = 6;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.most = number(config, "most", 6);
  }

  protected draw(view: View): TemplateResult {
    return this.frame(view, newestList(view, this.most));
  }
}

/** The list alone, for a panel that has room for it. */
export function newestList(view: View, most: number): TemplateResult {
  const things = newestThings(view.model, most);
  if (things.length === 0) {
    return html`<p class="note">${view.words.text("wall-newest-none")}</p>`;
  }
  return html`<ul class="newest">
    ${things.map((thing) => entry(view, thing))}
  </ul>`;
}

/** How many values of one thing the list shows; the rest is in its detail. */
const MOST_VALUES = 2;

function entry(view: View, thing: Thing): TemplateResult {
  const spoken = thing.datastreams
    .toSorted((a, b) => (b.last?.[0] ?? 0) - (a.last?.[0] ?? 0))
    .slice(0, MOST_VALUES);
  return html`<li>
    <button
      type="button"
      class="newest-thing"
      data-thing=${thing.id}
      @click=${() => view.actions.open({ thing: thing.id })}
    >
      <span class="newest-name">${view.words.name(thing.name, thing.id)}</span>
      <span class="newest-place"
        >${
          thing.described
            ? originBadge(view, thing.origin)
            : html`<span class="origin" data-origin="unknown"
                >${view.words.text("wall-undescribed")}</span
              >`
        }
        ${areaName(view, thing.area)}</span
      >
      ${spoken.map(
        (datastream) =>
          html`<span class="newest-value"
            ><span class="newest-datastream"
              >${view.words.datastream(datastream.name, datastream.label)}</span
            >
            ${valueMark(view, thing, datastream)}</span
          >`,
      )}
    </button>
  </li>`;
}

customElements.define("ioc-panel-newest", NewestPanel);
customElements.define("ioc-panel-feed", class extends NewestPanel {});
