/**
 * The operator's list of alerts: filtered, several chosen, and what can be done to them. One row is
 * in hand at a time and has the focus; only rows in sight are in the page.
 */

import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { repeat } from "lit/directives/repeat.js";
import { deedButton } from "../console/bar";
import { ALERT_DEEDS, NEW_DEEDS } from "../console/deeds";
import {
  type Choice,
  type Filter,
  filtered,
  meant,
  moved,
  STANDS,
  settled,
  standCounts,
  standOf,
  toggled,
  USUAL,
} from "../console/filter";
import { type Chooser, oneWayIn, rove } from "../console/keys";
import type { Topic } from "../model/model";
import { type Alert, seconds } from "../model/shapes";
import {
  ageText,
  alertMark,
  areaName,
  glyph,
  otherOrigin,
  pastMark,
  signMark,
  thingName,
} from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { Panel } from "./panel";

/** Least height of a row, in root units, and where the list is narrow (narrow.css); rows share what
 * is left, so that none is cut. */
const ROW = 3.5;
const NARROW_ROW = 5;
const SPARE = 4;
/** Deeds on alerts and of alerts, in the order of the bar. */
const BAR = [...ALERT_DEEDS, ...NEW_DEEDS.filter(({ id }) => id === "open" || id === "raise")];

export class ConsolePanel extends Panel implements Chooser {
  readonly reads: readonly Topic[] = [
    "alerts",
    "incidents",
    "things",
    "clock",
    "words",
    "site",
    "user",
    "look",
  ];
  private filter: Filter = USUAL;
  private choice: Choice = { at: null, chosen: new Set() };
  private shown: Alert[] = [];
  private ids: string[] = [];
  private top = 0;
  private height = 0;
  private flows = false;
  /** Whether the row in hand is to have the focus once it is drawn. */
  private holding = false;
  private resize: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this);
    this.addEventListener("focusin", this.onFocus);
    this.addEventListener("focusout", this.onBlur);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
    this.removeEventListener("focusin", this.onFocus);
    this.removeEventListener("focusout", this.onBlur);
  }

  /** The alerts a key or a button is meant for. */
  meant(): string[] {
    return meant(this.choice);
  }

  /** Move the focus to the list, as `f` does to the filters. */
  focusList(): void {
    this.holding = true;
    this.requestUpdate();
  }

  focusFilters(): void {
    this.querySelector<HTMLElement>('.console-filters [tabindex="0"]')?.focus();
  }

  protected draw(view: View): TemplateResult {
    const before = this.ids;
    this.shown = filtered(view.model, this.filter);
    this.ids = this.shown.map(({ id }) => id);
    this.choice = settled(this.choice, before, this.ids);
    const n = this.choice.chosen.size;
    const aside = n
      ? view.words.text("console-chosen", { n, of: this.shown.length })
      : view.words.text("console-listed", { n: this.shown.length });
    return this.frame(view, html`${this.filters(view)}${this.list(view)}${this.bar(view)}`, {
      aside,
    });
  }

  private filters(view: View): TemplateResult {
    const { words, model } = view;
    const counts = standCounts(model);
    const { severities, stands, areas } = this.filter;
    return html`<div
      class="console-filters"
      role="toolbar"
      aria-label=${words.text("console-filters")}
      @keydown=${(event: KeyboardEvent) => rove(event, this.tools(".console-filters"), "x")}
    >
      ${STANDS.map(
        (stand) =>
          html`<button
            type="button"
            class="toggle"
            data-stand=${stand}
            aria-pressed=${stands.has(stand)}
            @click=${() => this.narrow({ stands: toggled(stands, stand) })}
          >
            ${words.text(`console-stand-${stand}`)} <span class="number">${counts[stand]}</span>
          </button>`,
      )}
      <span class="console-levels"
        >${[5, 4, 3, 2, 1].map(
          (severity) =>
            html`<button
              type="button"
              class="toggle"
              data-level=${severity}
              aria-pressed=${severities.has(severity)}
              aria-label=${words.text(`wall-severity-${severity}`)}
              title=${words.text(`wall-severity-${severity}`)}
              @click=${() => this.narrow({ severities: toggled(severities, severity) })}
            >
              ${signMark(view, severity)}
            </button>`,
        )}</span
      >
      <details class="pick" @keydown=${closeOnEscape}>
        <summary class="toggle" data-areas>
          ${
            areas.size
              ? words.text("console-areas-chosen", { n: areas.size })
              : words.text("console-areas-all")
          }
        </summary>
        <fieldset class="pick-list">
          <legend class="unseen">${words.text("wall-area")}</legend>
          ${(model.site?.areas ?? []).map(
            ({ id }) =>
              html`<label
                ><input
                  type="checkbox"
                  value=${id}
                  .checked=${areas.has(id)}
                  @change=${() => this.narrow({ areas: toggled(areas, id) })}
                />${areaName(view, id)}</label
              >`,
          )}
        </fieldset>
      </details>
      ${
        this.filter === USUAL
          ? nothing
          : html`<button type="button" class="toggle" @click=${() => this.narrow(USUAL)}>
              ${glyph("close")} ${words.text("console-filters-clear")}
            </button>`
      }
    </div>`;
  }

  private list(view: View): TemplateResult {
    const { words } = view;
    if (this.shown.length === 0) {
      const said = this.filter === USUAL ? "wall-alerts-none" : "console-none-fits";
      return html`<p class="calm console-list">${glyph("check")}<span>${words.text(said)}</span></p>`;
    }
    const row = this.rowHeight();
    const first = Math.max(0, Math.floor(this.top / row) - SPARE);
    const count = Math.ceil((this.height || 900) / row) + 2 * SPARE;
    const rows = this.shown
      .slice(first, first + count)
      .map((alert, at) => ({ alert, at: first + at }));
    // The row in hand keeps the focus, so it stays in the page however far it is scrolled away.
    const inHand = this.ids.indexOf(this.choice.at ?? "");
    const held = this.shown[inHand];
    if (held && (inHand < first || inHand >= first + count)) rows.push({ alert: held, at: inHand });
    return html`<div
      class="rows console-list"
      role="grid"
      aria-multiselectable="true"
      aria-label=${words.text("wall-alerts-open")}
      aria-rowcount=${this.shown.length}
      @scroll=${this.onScroll}
      @keydown=${this.onKey}
    >
      <div class="rows-all" role="rowgroup" ${place({ height: `${this.shown.length * row}px` })}>
        ${repeat(
          rows,
          ({ alert }) => alert.id,
          ({ alert, at }) => this.row(view, alert, at, row),
        )}
      </div>
    </div>`;
  }

  private row(view: View, alert: Alert, index: number, height: number): TemplateResult {
    const { words, format } = view;
    const stand = standOf(alert, view.now);
    const raised = seconds(alert.raised_at);
    const isChosen = this.choice.chosen.has(alert.id);
    const inHand = alert.id === this.choice.at;
    return html`<div
      class=${classMap({ "desk-row": true, waiting: stand === "waiting", chosen: isChosen, held: inHand })}
      role="row"
      tabindex=${inHand ? 0 : -1}
      aria-rowindex=${index + 1}
      aria-selected=${isChosen}
      data-alert=${alert.id}
      data-severity=${alert.severity}
      data-state=${alert.state}
      ${place({ height: `${height}px`, transform: `translateY(${index * height}px)` })}
      @click=${(event: MouseEvent) => this.onClick(event, alert.id)}
      @dblclick=${() => view.actions.open({ alert: alert.id })}
    >
      <span role="gridcell" class="desk-check"
        ><input
          type="checkbox"
          tabindex="-1"
          aria-label=${words.text("console-choose")}
          .checked=${isChosen}
          @click=${(event: Event) => {
            event.stopPropagation();
            this.choice = { at: alert.id, chosen: toggled(this.choice.chosen, alert.id) };
            this.requestUpdate();
          }}
      /></span>
      <span role="gridcell" class="alert-sign"
        >${stand === "over" ? pastMark(view, alert.severity) : alertMark(view, alert)}</span
      >
      <span role="gridcell" class="alert-text">
        <span class="alert-message">${words.name(alert.message, alert.rule)}</span>
        <span class="alert-place"
          >${areaName(view, alert.area)}${
            alert.thing
              ? html`<span class="desk-thing"> · ${thingName(view, alert.thing)}</span>`
              : nothing
          }</span
        >
      </span>
      <span role="gridcell" class="desk-case"
        >${alert.incident ? words.text("console-in-incident") : nothing}</span
      >
      <span role="gridcell" class="alert-time">
        <span class="number">${format.time(raised, view.now)}</span>
        <span class="alert-age">${ageText(view, raised)}</span>
      </span>
      <span role="gridcell" class="desk-state">
        <span>${this.stateText(view, alert)}</span>
        ${otherOrigin(view, alert.origin)}
      </span>
    </div>`;
  }

  private stateText(view: View, alert: Alert): string {
    const { words, format } = view;
    const stand = standOf(alert, view.now);
    if (stand === "shelved") {
      return words.text("console-until", {
        time: format.time(seconds(alert.shelved_until), view.now),
      });
    }
    if (stand === "suppressed" || stand === "over") return words.text(`console-stand-${stand}`);
    return words.text(`wall-alert-${alert.state}`);
  }

  /** What can be done to the rows meant; nothing is offered that none of them allows. */
  private bar(view: View): TemplateResult {
    const { words } = view;
    const ids = new Set(this.meant());
    const alerts = this.shown.filter(({ id }) => ids.has(id));
    const on = alerts.map(({ id }) => ({ alert: id }));
    const allowed = new Set(on.flatMap((one) => view.actions.deeds(one).map(({ id }) => id)));
    const one = alerts.length === 1 ? alerts[0] : undefined;
    return html`<div
      class="console-bar"
      role="toolbar"
      aria-label=${words.text("console-bar")}
      @keydown=${(event: KeyboardEvent) => rove(event, this.tools(".console-bar"), "x")}
    >
      ${BAR.filter(
        ({ id }) =>
          allowed.has(id) || id === "raise" || (id === "open" && alerts.some((a) => !a.incident)),
      )
        .filter(({ id }) => view.actions.mayBegin(id, on[0] ?? null))
        .map((deed) => deedButton(view, deed, deed.id === "raise" ? [] : on))}
      ${
        one?.incident
          ? html`<button
              type="button"
              class="deed"
              data-do="incident"
              aria-keyshortcuts="i"
              @click=${() => view.actions.open({ incident: one.incident as string })}
            >
              ${words.text("wall-incident")} <kbd>I</kbd>
            </button>`
          : nothing
      }
      ${
        one
          ? html`<button
              type="button"
              class="deed"
              data-do="detail"
              aria-keyshortcuts="Enter"
              @click=${() => view.actions.open({ alert: one.id })}
            >
              ${words.text("console-detail")} <kbd>↵</kbd>
            </button>`
          : nothing
      }
    </div>`;
  }

  private narrow(change: Partial<Filter>): void {
    this.filter = change === USUAL ? USUAL : { ...this.filter, ...change };
    this.top = 0;
    const list = this.querySelector(".console-list");
    if (list) list.scrollTop = 0;
    this.requestUpdate();
  }

  private onClick(event: MouseEvent, id: string): void {
    const { chosen } = this.choice;
    if (event.shiftKey) {
      const by = this.ids.indexOf(id) - this.ids.indexOf(this.choice.at ?? id);
      this.choice = moved(this.choice, this.ids, by, true);
    } else if (event.ctrlKey || event.metaKey) {
      this.choice = { at: id, chosen: toggled(chosen, id) };
    } else this.choice = { at: id, chosen: new Set() };
    this.focusList();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const view = this.data;
    if (!view || event.altKey) return;
    const page = Math.max(1, Math.round(this.height / this.rowHeight()) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.ids.length,
      End: this.ids.length,
    };
    const by = steps[event.key];
    const { at, chosen } = this.choice;
    if (by !== undefined) {
      this.choice = moved(this.choice, this.ids, by, event.shiftKey);
    } else if (event.key === " " && at) {
      this.choice = { at, chosen: toggled(chosen, at) };
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      this.choice = { at, chosen: new Set(this.ids) };
    } else if (event.key === "Escape" && chosen.size) {
      this.choice = { at, chosen: new Set() };
    } else if (event.key === "Enter" && at && !event.ctrlKey) {
      view.actions.open({ alert: at });
      event.preventDefault();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.reveal();
    this.focusList();
  };

  private reveal(): void {
    const scroller = this.querySelector(".console-list");
    const index = this.ids.indexOf(this.choice.at ?? "");
    if (!scroller || index < 0) return;
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

  private readonly onFocus = (event: Event): void => {
    const row = (event.target as Element).closest<HTMLElement>("[role=row]");
    this.holding = row !== null;
    if (row?.dataset.alert && row.dataset.alert !== this.choice.at) {
      this.choice = { ...this.choice, at: row.dataset.alert };
      this.requestUpdate();
    }
  };

  private readonly onBlur = (event: FocusEvent): void => {
    // A row that is moved or goes loses the focus to nobody: it is given back below.
    if (event.relatedTarget !== null) this.holding = false;
  };

  private tools(group: string): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(`${group} button, ${group} summary`)];
  }

  private rowHeight(): number {
    const least = (this.flows ? NARROW_ROW : ROW) * rootPixels();
    if (this.height <= least || this.shown.length * least <= this.height) return least;
    return this.height / Math.floor(this.height / least);
  }

  private measure(): void {
    const height = this.querySelector(".console-list")?.clientHeight ?? 0;
    const flows = getComputedStyle(this).getPropertyValue("--flows") !== "";
    if (height === this.height && flows === this.flows) return;
    this.height = height;
    this.flows = flows;
    this.requestUpdate();
  }

  protected override updated(): void {
    this.measure();
    oneWayIn(this.tools(".console-filters"));
    oneWayIn(this.tools(".console-bar"));
    const active = document.activeElement;
    const lost = active === null || active === document.body || this.contains(active);
    if (!this.holding || !lost || document.querySelector("dialog[open]")) return;
    const row = this.querySelector<HTMLElement>('[role=row][tabindex="0"]');
    if (row && row !== active) row.focus({ preventScroll: true });
  }
}

function closeOnEscape(event: KeyboardEvent): void {
  const pick = event.currentTarget as HTMLDetailsElement;
  if (event.key !== "Escape" || !pick.open) return;
  pick.open = false;
  pick.querySelector("summary")?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function rootPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

customElements.define("ioc-panel-console", ConsolePanel);
