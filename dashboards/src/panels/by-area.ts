/** A table of areas: a row each, whose name opens the area. */

import { html, nothing, type TemplateResult } from "lit";
import type { Area } from "../model/shapes";
import { areaShort } from "../pieces";
import type { View } from "../store";

/** Height of a row and of the head, in root units. */
export const ROW = 2;
export const HEAD = 2.75;

/**
 * Draw a table of areas.
 *
 * @param style - the style's name for its columns: `matrix` or `ranking`.
 * @param heads - what stands above each column.
 * @param cells - the cells of an area's row, each a `td`.
 * @param whole - a row above all others, such as the province's own.
 */
export function byArea(
  view: View,
  style: "matrix" | "ranking",
  heads: readonly unknown[],
  areas: readonly Area[],
  cells: (area: Area) => unknown,
  whole: unknown = nothing,
): TemplateResult {
  return html`<table class="grid-table ${style}" data-columns=${heads.length}>
    <thead>
      <tr>
        <th scope="col">${view.words.text("wall-area")}</th>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${whole}
      ${areas.map(
        (area) =>
          html`<tr data-area=${area.id}>
            <th scope="row">
              <button type="button" @click=${() => view.actions.open({ area: area.id })}>
                ${areaShort(view, area.id)}
              </button>
            </th>
            ${cells(area)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
