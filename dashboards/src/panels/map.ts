/**
 * The province: areas coloured by their worst open alert, things as points, and beside it what is
 * new and what the signs mean.
 *
 * It begins as SVG and becomes a WebGL map once that has loaded; where it cannot (no WebGL, or
 * `?map=svg`), the SVG stays and shows the same.
 */

import { html, nothing, type PropertyValues, render, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { Topic } from "../model/model";
import type { BusinessRecord, PanelConfig } from "../model/shapes";
import { signMark } from "../pieces";
import type { View } from "../store";
import { theme } from "../theme";
import {
  BUBBLE,
  type Layers,
  type MapArea,
  type MapContent,
  MOST_NAMED,
  mapContent,
  shadable,
} from "./map-content";
import type { GlMap, Label } from "./map-gl";
import { drawSvg } from "./map-svg";
import { newestList } from "./newest";
import { Panel } from "./panel";

const REPORT = "service-request";
const MOST_REPORTS = 300;
/** Seconds after which the reports are read anew. */
const RENEW = 30;

/** What a place is drawn from. Not each value: a tick is soon enough, and drawing a map is dear. */
const OF_PLACES: readonly Topic[] = [
  "site",
  "things",
  "alerts",
  "incidents",
  "indicators",
  "clock",
  "words",
  "look",
  "records",
  "answers",
  "user",
];

export class MapPanel extends Panel {
  // Each value as well, for the list of what is new beside the map.
  readonly reads: readonly Topic[] = [...OF_PLACES, "values"];
  private content: MapContent | null = null;
  private contentOf = "";
  private indicator: string | null = null;
  private needs = true;
  private reports = false;
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
    this.reports = config.reports === true;
    this.needs = !this.reports;
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.data) return;
    const of = OF_PLACES.map((topic) => this.data?.model.revision[topic]).join();
    if (changed.has("data") && of === this.contentOf) return;
    this.contentOf = of;
    this.content = null;
  }

  protected draw(view: View): TemplateResult {
    const drawn = this.content;
    const content = drawn ?? mapContent(view, this.layers(view));
    if (drawn === null) queueMicrotask(() => this.follow(view, content));
    this.content = content;
    const shown = () =>
      content.bounds === null
        ? html`<p class="note">${view.words.text("wall-map-none")}</p>`
        : html`<div class="map-sheet" data-way=${this.way}>
            <div class="map-gl"></div>
            ${this.way === "gl" ? nothing : drawSvg(view, content, this.width, this.height, rootPixels())}
          </div>`;
    return this.frame(
      view,
      html`<div class="map">
        ${guard([content, this.way, this.width, this.height], shown)}
        <aside class="map-side">
          <h3>${view.words.text("wall-newest")}</h3>
          ${newestList(view, MOST_NAMED)}
          ${this.choices(view)} ${this.legend(view, content)}
        </aside>
        ${treeNote(view)}
      </div>`,
      { aside: view.words.text("wall-map-sum", { n: content.things.length }) },
    );
  }

  /** Have the canvas hold its picture for the rest of this task: see exports.ts. */
  beforePicture(): void {
    this.drawn?.drawNow();
  }

  private layers(view: View): Layers {
    return {
      indicator: this.indicator,
      needs: this.needs,
      reports: this.reports && mayRead(view) ? reportsKnown(view) : null,
    };
  }

  /** What a person at a desk may choose to see: the shade, the reports, the links. */
  private choices(view: View): TemplateResult {
    const { words } = view;
    const toggle = (name: "reports" | "needs"): TemplateResult =>
      html`<button
        type="button"
        data-layer=${name}
        aria-pressed=${this[name]}
        @click=${() => {
          this[name] = !this[name];
          this.requestUpdate();
        }}
      >
        ${words.text(`wall-layer-${name}`)}
      </button>`;
    return html`<div class="map-choices">
      <select
        aria-label=${words.text("wall-layer-shade")}
        .value=${this.indicator ?? ""}
        @change=${(event: Event) => {
          this.indicator = (event.target as HTMLSelectElement).value || null;
          this.requestUpdate();
        }}
      >
        <option value="" ?selected=${this.indicator === null}>${words.text("wall-layer-alerts")}</option>
        ${shadable(view).map(
          ({ id, name }) =>
            html`<option value=${id} ?selected=${this.indicator === id}>${name}</option>`,
        )}
      </select>
      ${mayRead(view) ? toggle("reports") : nothing} ${toggle("needs")}
    </div>`;
  }

  private legend(view: View, content: MapContent): TemplateResult {
    const { words } = view;
    const of = (mark: string, text: string) =>
      html`<li><span class="dot" data-mark=${mark}></span><span>${words.text(text)}</span></li>`;
    const has = (as: string) => content.lines.some((line) => line.as === as);
    return html`<ul class="legend">
      ${[5, 4, 3, 2, 1].map(
        (severity) =>
          html`<li>${signMark(view, severity)}<span>${words.text(`wall-severity-${severity}`)}</span></li>`,
      )}
      ${this.indicator ? html`<li><span class="shades"></span><span>${words.text("wall-mark-shade")}</span></li>` : nothing}
      ${has("chain") ? of("chain", "wall-mark-chain") : nothing}
      ${has("need") ? of("need", "wall-mark-need") : nothing}
      ${
        content.reports.length > 0
          ? html`<li>
              <svg class="glyph bubble" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${BUBBLE}></path>`}</svg>
              <span>${words.text("wall-mark-report", { n: content.reports.length })}</span>
            </li>`
          : nothing
      }
      ${of("incident", "wall-mark-incident")}
      ${content.reports.length > 0 ? nothing : of("plain", "wall-mark-plain")}
      ${of("stale", "wall-mark-stale")} ${of("off", "wall-mark-off")}
    </ul>`;
  }

  private follow(view: View, content: MapContent): void {
    if (this.drawn && this.drawnAs !== look()) {
      // The wall's scale or its theme has changed: signs and words are drawn anew.
      this.again();
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

  /** Take the drawn map away and make another; until that is there the SVG stands. */
  private again(): void {
    this.drawn?.remove();
    this.drawn = null;
    this.way = "svg";
    this.requestUpdate();
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
      () => this.again(),
    );
    if (this.data) this.drawn.show(mapContent(this.data, this.layers(this.data)));
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
    const width = sheet?.clientWidth ?? 0;
    const height = sheet?.clientHeight ?? 0;
    // A sheet without a size would be measured, and drawn, for ever.
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
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

/** Citizens' reports are told to people only: a screen in a public room is given none. */
function mayRead(view: View): boolean {
  const user = view.model.user;
  return user !== null && user.role !== "display";
}

/** The newest reports the server has, with what the stream has told since. */
function reportsKnown(view: View): BusinessRecord[] {
  const query = new URLSearchParams({ type: REPORT, limit: String(MOST_REPORTS) });
  const { body } = view.actions.ask<{ items: BusinessRecord[] }>(`/records?${query}`, RENEW);
  const found = new Map((body?.items ?? []).map((record) => [record.id, record]));
  for (const record of view.model.records.values()) {
    if (record.type === REPORT) found.set(record.id, record);
  }
  return [...found.values()];
}

/** What a drawn map cannot change any more: it is made anew when this changes. */
function look(): string {
  return `${rootPixels()}/${theme()}`;
}

function rootPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

customElements.define("ioc-panel-map", MapPanel);
