/** Indicators by area: a row for each area, the one that stands worst first; shade says how far. */

import { html, type TemplateResult } from "lit";
import { given } from "../format";
import type { Topic } from "../model/model";
import {
  type Area,
  type Indicator,
  type Localized,
  type PanelConfig,
  seconds,
} from "../model/shapes";
import { areaName, glyph } from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { byArea, HEAD, ROW } from "./by-area";
import { MARKS, unitOf } from "./indicator";
import { heads, texts } from "./panel";
import { RowsPanel } from "./rows";

/** Of full colour, what the worst cell of a column gets. */
const DEEPEST = 42;

export class RankingPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["indicators", "clock", "words", "site", "answers"];
  private indicators: string[] = [];
  private heads: Record<string, Localized> = {};

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicators = texts(config, "indicators");
    this.heads = heads(config);
  }

  protected draw(view: View): TemplateResult {
    const { words, model } = view;
    const columns = this.indicators.map((id) => this.column(view, id));
    const areas = (model.site?.areas ?? []).filter((area) =>
      columns.some((column) => column.cells.has(area.id)),
    );
    const shown = areas.filter(({ level }) => level !== "province");
    if (shown.length === 0) {
      return this.frame(view, html`<p class="note">${words.text("wall-ranking-none")}</p>`);
    }
    shown.sort((a, b) => badness(columns[0], b) - badness(columns[0], a));
    // The province's own line is one of the rows.
    const rows = this.fitting(shown, ROW, HEAD + 1.5 * ROW);
    const newest = Math.max(...columns.map((column) => column.newest));
    return this.frame(
      view,
      html`${byArea(
        view,
        "ranking",
        columns.map(
          (column) =>
            html`${words.name(this.heads[column.id] ?? column.name, column.id)}<small class="unit"
                >${column.unit}</small
              >`,
        ),
        rows,
        (area) => columns.map((column) => this.cell(view, column, area)),
        this.whole(view, columns),
      )}
        ${this.more(view, shown.length, rows.length)}`,
      { at: newest },
    );
  }

  /** The province's own line, above those of its areas. */
  private whole(view: View, columns: Column[]): unknown {
    return html`<tr class="whole" data-area="province">
      <th scope="row">${areaName(view, "province")}</th>
      ${columns.map((column) => {
        const found = column.whole;
        return html`<td data-standing=${found?.standing ?? "unknown"}>${value(view, found, column.places)}</td>`;
      })}
    </tr>`;
  }

  private cell(view: View, column: Column, area: Area): TemplateResult {
    const found = column.cells.get(area.id);
    const deep = badness(column, area) * DEEPEST;
    return html`<td
      data-standing=${found?.standing ?? "unknown"}
      data-indicator=${column.id}
      ${place({ "--deep": `${deep.toFixed(0)}%` })}
    >
      <button
        type="button"
        @click=${() => view.actions.open({ indicator: column.id, area: area.id })}
      >
        ${value(view, found, column.places)}
      </button>
    </td>`;
  }

  private column(view: View, id: string): Column {
    const cells = new Map<string, Indicator>();
    let newest = Number.NEGATIVE_INFINITY;
    for (const area of view.model.site?.areas ?? []) {
      const found = view.model.indicators.get(`${id}/${area.id}`);
      if (!found || area.id === "province") continue;
      cells.set(area.id, found);
      newest = Math.max(newest, seconds(found.period[1]) || newest);
    }
    const whole = view.model.indicators.get(`${id}/province`);
    const any = whole ?? cells.values().next().value;
    const values = [...cells.values()].map((one) => one.value).filter((one) => one !== null);
    return {
      id,
      name: any?.name ?? {},
      unit: any ? unitOf(view, any, null) : "",
      cells,
      whole,
      newest,
      low: Math.min(...values),
      high: Math.max(...values),
      places: Math.min(1, given(...values)),
    };
  }
}

interface Column {
  id: string;
  name: Localized;
  unit: string;
  cells: Map<string, Indicator>;
  whole: Indicator | undefined;
  newest: number;
  low: number;
  high: number;
  places: number;
}

/** How an area stands among the others: 0 best, 1 worst; below 0 where it has no value. */
function badness(column: Column | undefined, area: Area): number {
  const found = column?.cells.get(area.id);
  if (!column || !found || found.value === null) return -1;
  if (column.high <= column.low) return 0;
  const high = (found.value - column.low) / (column.high - column.low);
  return found.direction === "up" ? 1 - high : high;
}

function value(view: View, found: Indicator | undefined, places: number): TemplateResult {
  if (!found || found.value === null) return html`<span class="number">–</span>`;
  const mark = found.standing === "off-target" || found.standing === "at-risk";
  return html`${mark ? glyph(MARKS[found.standing]) : ""}<span class="number"
      >${view.format.number(found.value, places)}</span
    >`;
}

customElements.define("ioc-panel-ranking", RankingPanel);
