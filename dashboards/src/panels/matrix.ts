/** Areas against kinds of things, or against severities: where, and of what, something is amiss. */

import { html, nothing, type TemplateResult } from "lit";
import { type Topic, urgentAlerts } from "../model/model";
import type { Area, PanelConfig, Thing } from "../model/shapes";
import { glyph, signMark } from "../pieces";
import type { View } from "../store";
import { byArea, HEAD, ROW } from "./by-area";
import { texts } from "./panel";
import { RowsPanel } from "./rows";

const LEVELS = [5, 4, 3, 2, 1] as const;

function districts(view: View): Area[] {
  return (view.model.site?.areas ?? []).filter(({ level }) => level !== "commune");
}

/** What there is of a kind in an area. */
interface Cell {
  all: number;
  off: number;
  severity: number;
}

/** For each area and kind: how many things there are, and the worst open alert among them. */
export class MatrixPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["things", "alerts", "clock", "words", "site"];
  private kinds: string[] = [];

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.kinds = texts(config, "kinds");
  }

  protected draw(view: View): TemplateResult {
    const { words, model } = view;
    const worst = model.worstAlerts().things;
    const cells = new Map<string, Cell>();
    for (const thing of model.things.values()) {
      const key = `${thing.area}/${thing.kind}`;
      const cell = cells.get(key) ?? { all: 0, off: 0, severity: 0 };
      cell.all += 1;
      cell.off += Number(isOff(thing));
      cell.severity = Math.max(cell.severity, worst.get(thing.id)?.severity ?? 0);
      cells.set(key, cell);
    }
    const areas = districts(view).filter((area) =>
      this.kinds.some((kind) => cells.has(`${area.id}/${kind}`)),
    );
    const rows = this.fitting(areas, ROW, HEAD);
    return this.frame(
      view,
      html`${byArea(
        view,
        "matrix",
        this.kinds.map((kind) => words.shortKind(kind)),
        rows,
        (area) => this.kinds.map((kind) => cellOf(view, cells.get(`${area.id}/${kind}`))),
      )}
        ${this.more(view, areas.length, rows.length)}`,
      { aside: words.text("wall-matrix-key"), at: view.now },
    );
  }
}

/** For each area: how many alerts are open at each severity. */
export class SeveritiesPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["alerts", "clock", "words", "site"];

  protected draw(view: View): TemplateResult {
    const alerts = urgentAlerts(view.model);
    const count = (area: string, severity: number) =>
      alerts.filter((one) => one.area === area && one.severity === severity).length;
    const areas = districts(view);
    const rows = this.fitting(areas, ROW, HEAD);
    return this.frame(
      view,
      html`${byArea(
        view,
        "matrix",
        LEVELS.map((severity) => signMark(view, severity)),
        rows,
        (area) =>
          LEVELS.map((severity) => {
            const n = count(area.id, severity);
            return html`<td data-severity=${n ? severity : nothing} class=${n ? "" : "none"}>
              <span class="number">${n ? view.format.number(n) : "·"}</span>
            </td>`;
          }),
      )}
        ${this.more(view, areas.length, rows.length)}`,
      { at: view.now },
    );
  }
}

function cellOf(view: View, cell: Cell | undefined): TemplateResult {
  if (!cell) return html`<td class="none">·</td>`;
  const sign = cell.severity ? signMark(view, cell.severity) : glyph(cell.off ? "off" : "check");
  return html`<td data-severity=${cell.severity || nothing}>
    ${sign}<span class="number">${cell.all - cell.off}/${cell.all}</span>
  </td>`;
}

function isOff(thing: Thing): boolean {
  return thing.status !== "online";
}

customElements.define("ioc-panel-matrix", MatrixPanel);
customElements.define("ioc-panel-severities", SeveritiesPanel);
