/** How fresh the data of each kind are: how many datastreams live, went stale, never spoke. */

import { html, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { type Freshness, freshnessByKind, type Topic } from "../model/model";
import { place } from "../place";
import type { View } from "../store";
import { Panel } from "./panel";

export class FreshnessPanel extends Panel {
  readonly reads: readonly Topic[] = ["things", "clock", "words"];

  protected draw(view: View): TemplateResult {
    const rows = freshnessByKind(view.model);
    if (rows.length === 0) {
      return this.frame(view, html`<p class="note">${view.words.text("wall-things-none")}</p>`);
    }
    const live = rows.reduce((sum, row) => sum + row.live, 0);
    const all = rows.reduce((sum, row) => sum + row.live + row.stale + row.missing, 0);
    const lines = rows.length > 6 ? Math.ceil(rows.length / 2) : rows.length;
    return this.frame(
      view,
      html`<ul
          class="freshness"
          ${place({ "grid-template-rows": `repeat(${lines}, minmax(0, 2.25rem))` })}
        >
          ${rows.map((row) => this.row(view, row))}
        </ul>
        <p class="freshness-key">${view.words.text("wall-fresh-key")}</p>`,
      { aside: view.words.text("wall-fresh-sum", { live, all }) },
    );
  }

  private row(view: View, row: Freshness): TemplateResult {
    const { format, words } = view;
    const counts = [row.live, row.stale, row.missing];
    const spoken = ["live", "stale", "missing"]
      .map((name, index) => `${words.text(`wall-fresh-${name}`)} ${format.number(counts[index])}`)
      .join(", ");
    return html`<li
      class=${classMap({ doubt: row.stale + row.missing > 0 })}
      data-kind=${row.kind}
      aria-label="${words.kind(row.kind)}: ${spoken}"
    >
      <span class="freshness-kind">${words.shortKind(row.kind)}</span>
      <span class="number"
        >${format.number(row.live)}<span class=${row.stale ? "some" : "none"}
          >·${format.number(row.stale)}</span
        ><span class=${row.missing ? "some" : "none"}>·${format.number(row.missing)}</span></span
      >
    </li>`;
  }
}

customElements.define("ioc-panel-freshness", FreshnessPanel);
