/** The things of one kind in a table: a column for each of some datastreams, the troubled first. */

import { html, nothing, type TemplateResult } from "lit";
import { newestTime, qualityAt, type Topic } from "../model/model";
import type { Alert, Localized, PanelConfig, Thing } from "../model/shapes";
import { badness, glyph, otherOrigin, shortName, signMark, whenText, written } from "../pieces";
import type { View } from "../store";
import { heads, number, text, texts } from "./panel";
import { RowsPanel } from "./rows";

const ROW = 2;
const HEAD = 2.75;

export class TablePanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["things", "values", "alerts", "clock", "words"];
  kinds: readonly string[] = [];
  private kind = "";
  private columns: string[] = [];
  private heads: Record<string, Localized> = {};
  private most = 200;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.kind = text(config, "kind");
    this.kinds = [this.kind];
    this.columns = texts(config, "columns");
    this.heads = heads(config);
    this.most = number(config, "most", 200);
  }

  protected draw(view: View): TemplateResult {
    const { words, model } = view;
    const worst = model.worstAlerts().things;
    const things = [...model.thingsOf(this.kind)];
    if (things.length === 0) {
      const kind = words.kind(this.kind);
      return this.frame(
        view,
        html`<p class="note">${words.text("wall-status-none", { kind })}</p>`,
      );
    }
    things.sort((a, b) => this.weight(b, worst.get(b.id)) - this.weight(a, worst.get(a.id)));
    const rows = this.fitting(things.slice(0, this.most), ROW, HEAD, 0);
    return this.frame(
      view,
      html`<table class="grid-table things" data-columns=${this.columns.length}>
          <thead>
            <tr>
              <th scope="col">${words.kind(this.kind)}</th>
              ${this.columns.map((name) => {
                const one = things.map((thing) => streamOf(thing, name)).find(Boolean);
                const head = this.heads[name];
                return html`<th scope="col">
                  ${head ? words.name(head, name) : words.datastream(name, one?.label, this.kind)}${
                    one?.unit ? html`<small class="unit">${words.unit(one.unit)}</small>` : nothing
                  }
                </th>`;
              })}
              <th scope="col">${words.text("wall-time")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((thing) => this.row(view, thing, worst.get(thing.id)))}
          </tbody>
        </table>`,
      { aside: this.sum(view, things.length, rows.length) },
    );
  }

  /** How many there are, and how many of them found no room. */
  private sum(view: View, all: number, shown: number): string {
    const { words } = view;
    const sum = words.text("wall-map-sum", { n: all });
    return shown < all ? `${sum} · ${words.text("wall-unseen", { n: all - shown })}` : sum;
  }

  private row(view: View, thing: Thing, alert: Alert | undefined): TemplateResult {
    const streams = this.columns.map((name) => streamOf(thing, name));
    const latest = streams
      .filter((one) => one?.last)
      .sort((a, b) => (b?.last?.[0] ?? 0) - (a?.last?.[0] ?? 0))[0];
    return html`<tr data-thing=${thing.id} data-severity=${alert?.severity ?? nothing}>
      <th scope="row">
        <button type="button" @click=${() => view.actions.open({ thing: thing.id })}>
          ${alert ? signMark(view, alert.severity) : nothing}${otherOrigin(view, thing.origin)}<span
            >${shortName(view, thing)}</span
          >
        </button>
      </th>
      ${streams.map((stream) => {
        if (!stream?.last) return html`<td data-quality="missing">–</td>`;
        const bad = badness(stream);
        return html`<td
          data-quality=${qualityAt(stream, view.now)}
          data-datastream="${thing.id}/${stream.name}"
          data-bad=${bad === null ? nothing : bad > 0 ? "yes" : "no"}
        >
          ${bad ? glyph(bad >= 0.99 ? "off" : "half") : nothing}<span class="number"
            >${written(view, stream, stream.last[1]).text}</span
          >
        </td>`;
      })}
      <td class="when number">
        ${
          thing.status !== "online"
            ? view.words.text(`wall-thing-${thing.status}`)
            : latest
              ? whenText(view, latest, qualityAt(latest, view.now))
              : "–"
        }
      </td>
    </tr>`;
  }

  /** What makes a row come first: its alert, that it is off, then its first column. */
  private weight(thing: Thing, alert: Alert | undefined): number {
    const first = streamOf(thing, this.columns[0] ?? "");
    const category = first ? badness(first) : null;
    const value = category ?? (first?.last ? Math.atan(first.last[1]) / 2 : -1);
    const fresh = Number.isFinite(newestTime(thing)) ? 0 : 1;
    return 10 * (alert?.severity ?? 0) + (thing.status === "online" ? 0 : 5) + fresh + value;
  }
}

function streamOf(thing: Thing, name: string) {
  return thing.datastreams.find((one) => one.name === name);
}

customElements.define("ioc-panel-table", TablePanel);
