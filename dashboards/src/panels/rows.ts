/** A panel of rows: it shows as many whole rows as its tile has room for, and says what it left.
 * Where panels are as high as what they hold (narrow.css), it shows a few, and all when asked. */

import { html, nothing, type TemplateResult } from "lit";
import type { View } from "../store";
import { Panel } from "./panel";

/** Height of the line that counts what found no room, in root units. */
const MORE = 1.5;
/** Rows shown where the page scrolls, until all are asked for. */
const FEW = 6;
/** A row grows to this many times its height where there is room. */
const TALLEST = 1.75;

/** Height of a line of text, and of the note below the lines of a row. */
const LINE = 1.2;
const NOTE = 1.25;

export abstract class RowsPanel extends Panel {
  /** Of the panel's body, in root units; 0 until it is known. */
  private room = 0;
  /** Whether the tile takes its height from its rows. */
  private flows = false;
  private all = false;
  private resize: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
    this.resize = null;
  }

  /**
   * Cut rows to those that fit.
   *
   * @param row - height of one row, in root units.
   * @param taken - what else stands in the body, such as a table's head.
   * @param below - height of the line that says how many were left; 0 where the heading says it.
   */
  protected fitting<Row>(
    rows: readonly Row[],
    row: number,
    taken = 0,
    below = MORE,
  ): readonly Row[] {
    if (this.flows) {
      this.style.setProperty("--row", `${row}rem`);
      this.style.removeProperty("--lines");
      return this.all || below === 0 ? rows : rows.slice(0, FEW);
    }
    const free = this.room - taken;
    const fit =
      this.room === 0 || rows.length * row <= free
        ? rows
        : rows.slice(0, Math.max(1, Math.floor((free - below) / row)));
    // What room is left over goes to the rows, so that the last one ends where the tile does.
    const each = (fit.length < rows.length ? free - below : free) / Math.max(1, fit.length);
    const high = Math.max(row, Math.min(0.99 * each, TALLEST * row));
    this.style.setProperty("--row", `${high.toFixed(2)}rem`);
    this.style.setProperty("--lines", String(Math.max(1, Math.floor((high - NOTE) / LINE))));
    return fit;
  }

  /** The line below rows that were cut: how many are not shown. */
  protected more(view: View, all: number, shown: number): TemplateResult | typeof nothing {
    if (shown >= all) return nothing;
    const left = view.words.text("wall-more", { n: all - shown });
    if (!this.flows || this.all) return html`<p class="more">${left}</p>`;
    return html`<button type="button" class="more" @click=${this.showAll}>${left}</button>`;
  }

  private readonly showAll = (): void => {
    this.all = true;
    this.requestUpdate();
  };

  protected override updated(): void {
    this.measure();
  }

  private measure(): void {
    const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const flows = getComputedStyle(this).getPropertyValue("--flows") !== "";
    const room = flows ? 0 : (this.querySelector(".panel-body")?.clientHeight ?? 0) / root;
    if (flows === this.flows && Math.abs(room - this.room) < 0.1) return;
    this.flows = flows;
    this.room = room;
    this.requestUpdate();
  }
}
