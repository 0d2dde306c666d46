/**
 * The province: areas coloured by their worst open alert, things as points, and beside it what is
 * new and what the signs mean.
 *
 * It begins as SVG and becomes a WebGL map once that has loaded; where it cannot (no WebGL, or
 * `?map=svg`), the SVG stays and shows the same.
 */

import { html, nothing, render, type TemplateResult } from "lit";
import type { Topic } from "../model/model";
import type { PanelConfig } from "../model/shapes";
import { signMark } from "../pieces";
import type { View } from "../store";
import { theme } from "../theme";
import { type MapArea, type MapContent, MOST_NAMED, mapContent } from "./map-content";
import type { GlMap, Label } from "./map-gl";
import { drawSvg } from "./map-svg";
import { newestList } from "./newest";
import { Panel } from "./panel";

export class MapPanel extends Panel {
  // Not each value: a tick is soon enough for a place, and drawing a map is dear.
  readonly reads: readonly Topic[] = [
    "site",
    "things",
    "alerts",
    "incidents",
    "indicators",
    "clock",
    "words",
    "look",
  ];
  private indicator: string | null = null;
  private drawn: GlMap | null = null;
  /** The size of letters and the theme it was drawn in. */
  private drawnAs = "";
  private way: "svg" | "loading" | "gl" | "given-up" = "svg";
  private width = 0;
  private height = 0;
  private resize: ResizeObserver | null = null;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.indicator = typeof config.indicator === "string" ? config.indicator : null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
    this.drawn?.remove();
    this.drawn = null;
    this.way = "svg";
  }

  protected draw(view: View): TemplateResult {
    const content = mapContent(view, this.indicator);
    const shown =
      content.bounds === null
        ? html`<p class="note">${view.words.text("wall-map-none")}</p>`
        : html`<div class="map-sheet" data-way=${this.way}>
            <div class="map-gl"></div>
            ${this.way === "gl" ? nothing : drawSvg(view, content, this.width, this.height, rootPixels())}
          </div>`;
    queueMicrotask(() => this.follow(view, content));
    return this.frame(
      view,
      html`<div class="map">
        ${shown}
        <aside class="map-side">
          <h3>${view.words.text("wall-newest")}</h3>
          ${newestList(view, MOST_NAMED)}
          ${legend(view)}
        </aside>
        ${treeNote(view)}
      </div>`,
      { aside: view.words.text("wall-map-sum", { n: content.things.length }) },
    );
  }

  private follow(view: View, content: MapContent): void {
    if (this.drawn && this.drawnAs !== look()) {
      // The wall's scale or its theme has changed: signs and words are drawn anew.
      this.drawn.remove();
      this.drawn = null;
      this.way = "svg";
      this.requestUpdate();
      return;
    }
    if (this.drawn) {
      try {
        this.drawn.show(content);
      } catch (error) {
        this.giveUp(error);
      }
      return;
    }
    if (this.way !== "svg" || !content.bounds) return;
    if (new URLSearchParams(location.search).get("map") === "svg") return;
    this.way = "loading";
    this.begin(view).catch((error: unknown) => this.giveUp(error));
  }

  /** No WebGL, or its code did not load or failed: the map stays, or becomes again, SVG. */
  private giveUp(error: unknown): void {
    console.warn("the map stays SVG:", error);
    this.drawn?.remove();
    this.drawn = null;
    this.way = "given-up";
    this.requestUpdate();
  }

  private async begin(view: View): Promise<void> {
    const [{ GlMap }] = await Promise.all([
      import("./map-gl"),
      document.fonts.load("700 16px 'Be Vietnam Pro'", "Đậu"),
    ]);
    const container = this.querySelector<HTMLElement>(".map-gl");
    if (!container || !this.isConnected) {
      this.way = "svg";
      return;
    }
    this.drawnAs = look();
    this.drawn = new GlMap(
      container,
      rootPixels(),
      view.actions.open,
      (area) => this.label(area),
      () => {
        this.way = "gl";
        this.requestUpdate();
      },
      (error) => this.giveUp(error),
    );
    if (this.data) this.drawn.show(mapContent(this.data, this.indicator));
  }

  /** The name of an area: a button above the drawn map, reached by the keyboard as well. */
  private label(area: MapArea): Label {
    const element = document.createElement("div");
    const update = (now: MapArea): void => {
      const view = this.data;
      if (!view) return;
      render(
        html`<button
          type="button"
          class="map-name"
          data-area=${now.id}
          data-severity=${now.severity}
          @click=${(event: Event) => {
            event.stopPropagation();
            view.actions.open({ area: now.id });
          }}
        >
          ${now.severity ? signMark(view, now.severity, now.waiting) : nothing}<span
            >${now.short}${now.value ? ` ${now.value}` : now.count > 1 ? ` (${now.count})` : ""}</span
          >
        </button>`,
        element,
      );
    };
    update(area);
    return { element, update };
  }

  private measure(): void {
    const sheet = this.querySelector(".map-sheet");
    this.width = sheet?.clientWidth ?? 0;
    this.height = sheet?.clientHeight ?? 0;
    this.requestUpdate();
  }

  protected override updated(): void {
    if (this.width === 0 && this.querySelector(".map-sheet")) this.measure();
  }
}

/** Which year's administrative tree is drawn, and what came after it. */
function treeNote(view: View): TemplateResult | typeof nothing {
  const tree = view.model.site?.tree;
  if (!tree) return nothing;
  return html`<p class="map-note">${tree.note[view.words.lang] ?? tree.note.vi ?? tree.as_of}</p>`;
}

function legend(view: View): TemplateResult {
  const { words } = view;
  return html`<ul class="legend">
    ${[5, 4, 3, 2, 1].map(
      (severity) =>
        html`<li>${signMark(view, severity)}<span>${words.text(`wall-severity-${severity}`)}</span></li>`,
    )}
    <li><span class="dot" data-mark="incident"></span><span>${words.text("wall-mark-incident")}</span></li>
    <li><span class="dot" data-mark="plain"></span><span>${words.text("wall-mark-plain")}</span></li>
    <li><span class="dot" data-mark="stale"></span><span>${words.text("wall-mark-stale")}</span></li>
    <li><span class="dot" data-mark="off"></span><span>${words.text("wall-mark-off")}</span></li>
  </ul>`;
}

/** What a drawn map cannot change any more: it is made anew when this changes. */
function look(): string {
  return `${rootPixels()}/${theme()}`;
}

function rootPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

customElements.define("ioc-panel-map", MapPanel);
