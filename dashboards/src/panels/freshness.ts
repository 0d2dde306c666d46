/** How fresh the data of each kind are: how many datastreams live, went stale, never spoke. */

import { html, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { type Freshness, freshnessByKind, type Topic } from "../model/model";
import { place } from "../place";
import type { View } from "../store";
import { RowsPanel } from "./rows";

/** Height of a row, and of the line that says what the three figures are, in root units. */
const ROW = 1.3;
const KEY = 1.5;
/** A board's columns that one column of kinds needs, with its figures. */
const WIDE = 4.3;

export class FreshnessPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["things", "clock", "words"];

  protected draw(view: View): TemplateResult {
    const all = freshnessByKind(view.model);
    if (all.length === 0) {
      return this.frame(view, html`<p class="note">${view.words.text("wall-things-none")}</p>`);
    }
    // Those in doubt first: where there is no room for all, they are what must be seen.
    all.sort((a, b) => b.stale + b.missing - (a.stale + a.missing));
    const columns = Math.max(1, Math.floor(this.config.w / WIDE));
    const lines = Array.from({ length: Math.ceil(all.length / columns) }, (_, line) => line);
    const fit = this.fitting(lines, ROW, KEY, 0).length;
    const rows = all.slice(0, fit * columns);
    const live = all.reduce((sum, row) => sum + row.live, 0);
    const count = all.reduce((sum, row) => sum + row.live + row.stale + row.missing, 0);
    const more =
      rows.length < all.length
        ? ` · ${view.words.text("wall-more", { n: all.length - rows.length })}`
        : "";
    return this.frame(
      view,
      html`<ul
          class="freshness"
          ${place({ "grid-template-rows": `repeat(${Math.ceil(rows.length / columns)}, var(--row))` })}
        >
          ${rows.map((row) => this.row(view, row))}
        </ul>
        <p class="freshness-key">${view.words.text("wall-fresh-key")}${more}</p>`,
      { aside: view.words.text("wall-fresh-sum", { live, all: count }) },
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
