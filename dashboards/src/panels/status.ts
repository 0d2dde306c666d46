/** The things of one kind, each with how it stands: a grid of names where they fit, a grid of marks
 * with the names of the troubled ones where they do not. */

import { html, nothing, type TemplateResult } from "lit";
import { qualityAt, type Topic } from "../model/model";
import type { Alert, Datastream, PanelConfig, Quality, Thing } from "../model/shapes";
import { badness, glyph, otherOrigin, shortName, signMark, whenText, written } from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { Panel, text } from "./panel";

/** Above this many, names no longer fit and marks stand for the things. */
const MOST_NAMED = 12;
const MOST_TROUBLED = 3;
/** A board's columns that one name needs. */
const WIDE = 2.7;

interface Cell {
  thing: Thing;
  datastream: Datastream | null;
  quality: Quality;
  word: string;
  unit: string;
  alert: Alert | undefined;
  /** 0 fine … 1 worst: how far the status is from the best. */
  bad: number;
}

export class StatusPanel extends Panel {
  readonly reads: readonly Topic[] = ["things", "values", "alerts", "clock", "words"];
  kinds: readonly string[] = [];
  private kind = "";
  private datastream = "status";

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.kind = text(config, "kind");
    this.kinds = [this.kind];
    this.datastream = typeof config.datastream === "string" ? config.datastream : "status";
  }

  protected draw(view: View): TemplateResult {
    const { things } = view.model.worstAlerts();
    const cells = view.model
      .thingsOf(this.kind)
      .map((thing) => this.cell(view, thing, things.get(thing.id)));
    if (cells.length === 0) {
      return this.frame(
        view,
        html`<p class="note">
          ${view.words.text("wall-status-none", { kind: view.words.kind(this.kind) })}
        </p>`,
      );
    }
    const fine = cells.filter((cell) => !troubled(cell)).length;
    const aside = view.words.text("wall-status-fine", { n: fine, all: cells.length });
    const body = cells.length > MOST_NAMED ? this.marks(view, cells) : this.named(view, cells);
    return this.frame(view, body, { aside });
  }

  private cell(view: View, thing: Thing, alert: Alert | undefined): Cell {
    const datastream =
      thing.datastreams.find((one) => one.name === this.datastream) ?? thing.datastreams[0] ?? null;
    const quality = datastream ? qualityAt(datastream, view.now) : "missing";
    const value = datastream?.last ? written(view, datastream, datastream.last[1]) : null;
    return {
      thing,
      datastream,
      quality,
      word:
        thing.status === "online" || !value
          ? (value?.text ?? view.words.text("wall-quality-missing"))
          : view.words.text(`wall-thing-${thing.status}`),
      unit: value?.unit ?? "",
      alert,
      bad: (datastream && badness(datastream)) ?? 0,
    };
  }

  private named(view: View, cells: Cell[]): TemplateResult {
    // Rows of equal length: five and three would leave a hole where four and four leave none.
    const most = Math.max(1, Math.floor(this.config.w / WIDE));
    const columns = Math.ceil(cells.length / Math.ceil(cells.length / most));
    return html`<ul
      class="status-grid"
      data-count=${cells.length}
      ${place({ "--columns": String(columns) })}
    >
      ${cells.map(
        (cell) =>
          html`<li>
            <button
              type="button"
              class="status"
              data-thing=${cell.thing.id}
              data-datastream=${key(cell)}
              data-quality=${cell.quality}
              data-bad=${badWord(cell)}
              data-severity=${cell.alert?.severity ?? nothing}
              @click=${() => view.actions.open({ thing: cell.thing.id })}
            >
              ${mark(view, cell)}
              <span class="status-name"
                >${otherOrigin(view, cell.thing.origin)}
                ${view.words.name(cell.thing.name, cell.thing.id)}</span
              >
              <span class="status-said"
                >${
                  quiet(cell)
                    ? html`<span class="unseen">${cell.word}</span>`
                    : html`<span class="status-word">${cell.word} ${cell.unit}</span>`
                }<span class="when"
                  >${cell.datastream ? whenText(view, cell.datastream, cell.quality) : ""}</span
                ></span
              >
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private marks(view: View, cells: Cell[]): TemplateResult {
    const bad = cells
      .filter(troubled)
      .sort((a, b) => (b.alert?.severity ?? 0) - (a.alert?.severity ?? 0) || b.bad - a.bad);
    const words = new Map<string, number>();
    for (const cell of cells) {
      const word = believed(view, cell);
      words.set(word, (words.get(word) ?? 0) + 1);
    }
    const newest = cells.reduce(
      (most, cell) => Math.max(most, cell.datastream?.last?.[0] ?? Number.NEGATIVE_INFINITY),
      Number.NEGATIVE_INFINITY,
    );
    return html`<div class="status-marks">
      <ul class="marks">
        ${cells.map((cell) => {
          const name = view.words.name(cell.thing.name, cell.thing.id);
          const level = cell.alert
            ? ` · ${view.words.text(`wall-severity-${cell.alert.severity}`)}`
            : "";
          return html`<li>
            <button
              type="button"
              class="status-mark"
              data-thing=${cell.thing.id}
              data-datastream=${key(cell)}
              data-quality=${cell.quality}
              data-bad=${badWord(cell)}
              aria-label="${name}: ${cell.word}${level}"
              title="${name}: ${cell.word}"
              @click=${() => view.actions.open({ thing: cell.thing.id })}
            >
              ${mark(view, cell)}
            </button>
          </li>`;
        })}
      </ul>
      <ul class="troubled">
        ${bad.slice(0, words.size > 3 ? MOST_TROUBLED - 1 : MOST_TROUBLED).map(
          (cell) =>
            html`<li>
                ${mark(view, cell)}<span class="status-name"
                  >${otherOrigin(view, cell.thing.origin)} ${shortName(view, cell.thing)}</span
                ><span class="status-word">${believed(view, cell)}</span>
              </li>`,
        )}
      </ul>
      <p class="status-sum">
        ${[...words].map(([word, n]) => `${view.format.number(n)} ${word.toLocaleLowerCase(view.words.locale)}`).join(" · ")}
        ${Number.isFinite(newest) ? html` · <span class="when">${view.format.time(newest, view.now)}</span>` : nothing}
      </p>
    </div>`;
  }
}

function key(cell: Cell): string | typeof nothing {
  return cell.datastream ? `${cell.thing.id}/${cell.datastream.name}` : nothing;
}

function badWord(cell: Cell): string {
  return cell.bad >= 0.99 ? "worst" : cell.bad > 0 ? "partly" : "no";
}

/** A category at its best says so by its tick alone; the word is kept for what is amiss. */
function quiet(cell: Cell): boolean {
  return cell.datastream?.levels?.length ? !troubled(cell) || cell.quality === "stale" : false;
}

/** What is said of a thing: of one silent too long only that it is, never its last word as if live. */
function believed(view: View, cell: Cell): string {
  const silent = cell.quality === "stale" && cell.thing.status === "online";
  return silent ? view.words.text("wall-quality-stale") : cell.word;
}

function troubled(cell: Cell): boolean {
  return (
    cell.alert !== undefined ||
    cell.bad > 0 ||
    cell.thing.status !== "online" ||
    (cell.quality !== "good" && cell.quality !== "suspect")
  );
}

function mark(view: View, cell: Cell): TemplateResult {
  if (cell.alert) return signMark(view, cell.alert.severity);
  if (cell.quality === "missing") return glyph("question");
  if (cell.bad >= 0.99 || cell.thing.status !== "online") return glyph("off");
  if (cell.bad > 0) return glyph("half");
  return glyph("check");
}

customElements.define("ioc-panel-status", StatusPanel);
