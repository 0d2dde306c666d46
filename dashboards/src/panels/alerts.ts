/** The open alerts: unacknowledged first, then the most severe, then the newest. Only the rows in
 * sight are in the page, so that a flood costs no more than a quiet day. What room they leave goes
 * to the alerts that are over, in grey: the panel of a quiet province is not an empty one. */

import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { repeat } from "lit/directives/repeat.js";
import { isAside, isUnacknowledged, recentAlerts, type Topic, urgentAlerts } from "../model/model";
import { type Alert, seconds } from "../model/shapes";
import { ageText, alertMark, areaName, glyph, otherOrigin, pastMark } from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { Panel } from "./panel";

/** Least height of a row, in root units; rows share what is left, so that none is cut. */
const ROW = 4.5;
/** Height of the sentence that nothing is open, of the heading of what is over, and of its rows. */
const CALM = 2.75;
const HEADING = 1.75;
const PAST_ROW = 2.875;
/** Rows drawn above and below those in sight. */
const SPARE = 3;

export class AlertsPanel extends Panel {
  readonly reads: readonly Topic[] = ["alerts", "things", "clock", "words", "site", "user"];
  private shown: Alert[] = [];
  private chosen: string | null = null;
  /** Of everything below the panel's heading, in pixels. */
  private height = 0;
  private top = 0;
  private resize: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this);
    // Wherever a person is on the board, one key answers the alert that is chosen.
    document.addEventListener("keydown", this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
    document.removeEventListener("keydown", this.onKey);
  }

  protected draw(view: View): TemplateResult {
    this.shown = urgentAlerts(view.model);
    const waiting = this.shown.filter(isUnacknowledged).length;
    const aside = [...view.model.alerts.values()].filter((one) => isAside(one, view.now)).length;
    if (!this.shown.some((alert) => alert.id === this.chosen)) {
      this.chosen = this.shown[0]?.id ?? null;
    }
    const row = this.rowHeight();
    const height = this.height || 900;
    const first = Math.max(0, Math.floor(this.top / row) - SPARE);
    const count = Math.ceil(height / row) + 2 * SPARE;
    const rows = this.shown.slice(first, first + count);
    const taken = this.shown.length ? this.shown.length * row : CALM * rootPixels();
    const counts = view.words.text("wall-alerts-count", { open: this.shown.length, waiting });
    return this.frame(
      view,
      html`${
        this.shown.length === 0
          ? html`<p class="calm" ${place({ height: `${taken}px` })}>
              ${glyph("check")}<span>${view.words.text("wall-alerts-none")}</span>
            </p>`
          : html`<div
              class="rows"
              ${place({ height: `${Math.min(taken, height)}px` })}
              role="grid"
              tabindex="0"
              aria-label=${view.words.text("wall-alerts-open")}
              aria-rowcount=${this.shown.length}
              aria-activedescendant=${this.chosen ? `row-${this.chosen}` : nothing}
              @scroll=${this.onScroll}
            >
              <div
                class="rows-all"
                role="rowgroup"
                ${place({ height: `${taken}px` })}
              >
                ${repeat(
                  rows,
                  (alert) => alert.id,
                  (alert, index) => this.row(view, alert, first + index),
                )}
              </div>
            </div>`
      }
      ${this.past(view, height - taken)}
      ${
        aside || view.model.forgotten
          ? html`<p class="rows-foot">${view.words.text("wall-alerts-aside", { n: aside })}</p>`
          : nothing
      }`,
      { aside: this.shown.length ? counts : nothing },
    );
  }

  private row(view: View, alert: Alert, index: number): TemplateResult {
    const { words, format } = view;
    const waiting = isUnacknowledged(alert);
    const raised = seconds(alert.raised_at);
    const state = `wall-alert-${alert.state}`;
    return html`<div
      class=${classMap({ alert: true, waiting, chosen: alert.id === this.chosen })}
      role="row"
      id="row-${alert.id}"
      aria-rowindex=${index + 1}
      aria-selected=${alert.id === this.chosen}
      data-alert=${alert.id}
      data-severity=${alert.severity}
      data-state=${alert.state}
      ${place({ height: `${this.rowHeight()}px`, transform: `translateY(${index * this.rowHeight()}px)` })}
      @click=${() => this.choose(alert)}
      @dblclick=${() => view.actions.open({ alert: alert.id })}
    >
      <span role="gridcell" class="alert-sign">${alertMark(view, alert)}</span>
      <span role="gridcell" class="alert-text">
        <span class="alert-message">${words.name(alert.message, alert.rule)}</span>
        <span class="alert-place"
          ><span class="alert-severity">${words.text(`wall-severity-${alert.severity}`)}</span> ·
          ${areaName(view, alert.area)}</span
        >
      </span>
      <span role="gridcell" class="alert-time">
        <span class="number">${format.time(raised, view.now)}</span>
        <span class="alert-age">${ageText(view, raised)}</span>
        ${otherOrigin(view, alert.origin)}
      </span>
      <span role="gridcell" class="alert-answer">
        ${
          waiting
            ? html`<button
                type="button"
                class="acknowledge"
                aria-label="${words.text("wall-acknowledge")}: ${words.name(alert.message, alert.rule)}"
                @click=${(event: Event) => {
                  event.stopPropagation();
                  this.chosen = alert.id;
                  view.actions.acknowledge(alert);
                }}
              >
                ${words.text("wall-acknowledge")}
              </button>`
            : nothing
        }
        <span class="alert-state">${words.text(state)}</span>
      </span>
    </div>`;
  }

  /** The alerts that are over, as many whole rows as find room; nothing where there is none. */
  private past(view: View, room: number): unknown {
    const root = rootPixels();
    const fit = Math.floor((room - HEADING * root) / (PAST_ROW * root));
    if (fit < 1) return nothing;
    const { words } = view;
    const alerts = recentAlerts(view.model).slice(0, fit);
    return html`<section class="recent" aria-label=${words.text("wall-alerts-past")}>
      <h3>${words.text("wall-alerts-past")}</h3>
      ${
        alerts.length === 0
          ? html`<p class="note">${words.text("wall-alerts-past-none")}</p>`
          : html`<ul>
              ${repeat(
                alerts,
                (alert) => alert.id,
                (alert) => this.pastRow(view, alert),
              )}
            </ul>`
      }
    </section>`;
  }

  private pastRow(view: View, alert: Alert): TemplateResult {
    const { words, format, now } = view;
    const raised = seconds(alert.raised_at);
    const cleared = seconds(alert.cleared_at);
    const end = Number.isNaN(cleared) ? "" : `–${format.time(cleared, now, raised)}`;
    const span = format.time(raised, now) + end;
    return html`<li>
      <button
        type="button"
        class="past-alert"
        data-closed-alert=${alert.id}
        @click=${() => view.actions.open({ alert: alert.id })}
      >
        ${pastMark(view, alert.severity)}
        <span class="past-text">
          <span class="past-message">${words.name(alert.message, alert.rule)}</span>
          <span class="past-place"
            ><span class="number">${span}</span> · ${areaName(view, alert.area)} ·
            ${pastWord(view, alert)}</span
          >
        </span>
        ${otherOrigin(view, alert.origin)}
      </button>
    </li>`;
  }

  private choose(alert: Alert): void {
    this.chosen = alert.id;
    this.requestUpdate();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const view = this.data;
    if (
      !view ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      isTyping(event)
    )
      return;
    const at = this.shown.findIndex((alert) => alert.id === this.chosen);
    const alert = this.shown[at];
    const inside = event.target instanceof Node && this.contains(event.target);
    if (event.key === "a" && alert) {
      // With the focus on a row's own button, that row is meant.
      view.actions.acknowledge(alert);
    } else if (
      inside &&
      event.key === "Enter" &&
      alert &&
      !(event.target instanceof HTMLButtonElement)
    ) {
      view.actions.open({ alert: alert.id });
    } else if (inside && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const next = this.shown[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) {
        this.chosen = next.id;
        this.reveal(this.shown.indexOf(next));
        this.requestUpdate();
      }
    } else {
      return;
    }
    event.preventDefault();
  };

  private reveal(index: number): void {
    const scroller = this.querySelector(".rows");
    if (!scroller) return;
    const row = this.rowHeight();
    if (index * row < scroller.scrollTop) scroller.scrollTop = index * row;
    else if ((index + 1) * row > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = (index + 1) * row - scroller.clientHeight;
    }
  }

  private readonly onScroll = (event: Event): void => {
    this.top = (event.currentTarget as HTMLElement).scrollTop;
    this.requestUpdate();
  };

  /** Rows are as high as they need be; where there are too many, whole ones fill the panel. */
  private rowHeight(): number {
    const least = ROW * rootPixels();
    if (this.height <= least || this.shown.length * least <= this.height) return least;
    return this.height / Math.floor(this.height / least);
  }

  private measure(): void {
    this.height = this.room();
    this.requestUpdate();
  }

  private room(): number {
    const body = this.querySelector(".panel-body")?.clientHeight ?? 0;
    return Math.max(0, body - (this.querySelector<HTMLElement>(".rows-foot")?.offsetHeight ?? 0));
  }

  protected override updated(): void {
    if (this.height !== this.room()) this.measure();
  }
}

/** How an alert came to be over, in words and without a name. */
function pastWord(view: View, alert: Alert): string {
  if (alert.history) return view.words.text("wall-past-history");
  const last = alert.steps.findLast(({ step }) => ENDS.has(step));
  return view.words.text(`wall-past-${last?.step ?? "clear"}`);
}

/** The steps an alert can end with. */
const ENDS: ReadonlySet<string> = new Set(["acknowledge", "clear", "close"]);

function rootPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** Whether a key goes into a field rather than to the wall. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    (target instanceof HTMLInputElement && target.type !== "checkbox") ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    document.querySelector("dialog[open]") !== null
  );
}

customElements.define("ioc-panel-alerts", AlertsPanel);
