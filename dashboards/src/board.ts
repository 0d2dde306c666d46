/** A board: the panels of one data file, each where the file puts it, each alone in its failure. */

import { html, type TemplateResult } from "lit";
import type { App } from "./app";
import { farLayout, fileLayout } from "./model/layout";
import { TOPICS } from "./model/model";
import type { Board, PanelConfig } from "./model/shapes";
import { Drawn, PANEL_FAILED, type PanelElement } from "./panels/panel";
import { OF_NOW } from "./past/actions";
import type { View } from "./store";

/** A broken panel is tried again after this long: its cause may have been one event. */
const AGAIN = 30_000;

export class BoardElement extends Drawn {
  static override properties = {
    board: { attribute: false },
    far: { attribute: false },
    open: { attribute: false },
  };
  declare board: Board | null;
  /** Whether letters are larger than the board's design, for a far seat. */
  declare far: boolean;
  /** Whether the screen is a public one, with nobody logged in. */
  declare open: boolean;
  app: App | null = null;
  private shown: Board | null = null;
  private shownAs = "";
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly panels = new Set<HTMLElement>();

  constructor() {
    super();
    this.board = null;
    this.far = false;
    this.open = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clear();
    this.shown = null;
  }

  protected override render(): TemplateResult {
    return html`<div class="board-grid"></div>`;
  }

  protected override updated(): void {
    const as = `${this.far}/${this.open}`;
    if (this.board === this.shown && as === this.shownAs) return;
    this.shown = this.board;
    this.shownAs = as;
    this.clear();
    const grid = this.querySelector<HTMLElement>(".board-grid");
    if (!grid || !this.board) return;
    this.dataset.board = this.board.id;
    grid.replaceChildren();
    const { columns, rows, places } = this.far
      ? farLayout(this.board)
      : fileLayout(this.board, this.open);
    grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    grid.style.gridTemplateRows = `repeat(${rows}, minmax(0, 1fr))`;
    for (const { config, x, y, w, h } of places) {
      const tile = document.createElement("section");
      tile.className = "panel";
      tile.dataset.panel = config.id;
      tile.dataset.type = config.type;
      tile.style.gridColumn = `${x + 1} / span ${w}`;
      tile.style.gridRow = `${y + 1} / span ${h}`;
      tile.addEventListener(PANEL_FAILED, (event) => {
        event.stopPropagation();
        this.breakDown(tile, config, (event as CustomEvent<unknown>).detail);
      });
      grid.append(tile);
      this.fill(tile, config);
    }
  }

  private fill(tile: HTMLElement, config: PanelConfig): void {
    const app = this.app;
    if (!app) return;
    tile.classList.remove("broken");
    if (app.past && OF_NOW.has(config.type)) {
      tile.replaceChildren(...this.say(config, "wall-then-of-now"));
      return;
    }
    try {
      const name = `ioc-panel-${config.type}`;
      if (!customElements.get(name))
        throw new Error(`${config.id}: no panel of type ${config.type}`);
      const panel = document.createElement(name) as PanelElement;
      panel.setConfig(config);
      tile.replaceChildren(panel);
      this.panels.add(panel);
      const paint = (view: View) => {
        try {
          panel.data = view;
        } catch (error) {
          this.breakDown(tile, config, error);
        }
      };
      app.painter.add(panel, panel.reads ?? TOPICS, paint, panel.kinds);
    } catch (error) {
      this.breakDown(tile, config, error);
    }
  }

  /** Put a tile that says what is wrong in the place of a panel, and try it again later. */
  private breakDown(tile: HTMLElement, config: PanelConfig, error: unknown): void {
    console.error(`panel ${config.id}:`, error);
    const app = this.app;
    for (const child of tile.children) {
      app?.painter.remove(child);
      this.panels.delete(child as HTMLElement);
    }
    tile.classList.add("broken");
    const [title, note] = this.say(config, "wall-panel-broken");
    note.setAttribute("role", "alert");
    const cause = document.createElement("p");
    cause.className = "cause";
    cause.textContent = error instanceof Error ? error.message : String(error);
    tile.replaceChildren(title, note, cause);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (tile.isConnected) this.fill(tile, config);
    }, AGAIN);
    this.timers.add(timer);
  }

  /** A tile's title, and a sentence in the place of its content. */
  private say(config: PanelConfig, sentence: string): [HTMLElement, HTMLElement] {
    const words = this.app?.words;
    const title = document.createElement("h2");
    title.textContent = words?.name(config.title, config.id) ?? config.id;
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = words?.text(sentence) ?? "";
    return [title, note];
  }

  private clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const panel of this.panels) this.app?.painter.remove(panel);
    this.panels.clear();
  }
}

customElements.define("ioc-board", BoardElement);
