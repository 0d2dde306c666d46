/** Business records of one type: how many stand in each state, and those that moved last. */

import { html, nothing, type TemplateResult } from "lit";
import { isOverdue, stateWord, subjectOf } from "../detail/record";
import type { Topic } from "../model/model";
import { type BusinessRecord, type PanelConfig, seconds } from "../model/shapes";
import { areaName, glyph, otherOrigin } from "../pieces";
import type { View } from "../store";
import { number, text } from "./panel";
import { RowsPanel } from "./rows";

const ROW = 2.25;
const STATES = 3.25;
const RENEW = 30;
const FEW = 300;

export class RecordsPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["records", "answers", "clock", "words", "site", "user"];
  private type = "";
  private most = 200;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.type = text(config, "record");
    this.most = number(config, "most", 200);
  }

  protected draw(view: View): TemplateResult {
    const { words, format } = view;
    const query = new URLSearchParams({ type: this.type, limit: String(FEW) });
    const { body, problem } = view.actions.ask<{ items: BusinessRecord[] }>(
      `/records?${query}`,
      RENEW,
    );
    if (problem && (problem.status === 401 || problem.status === 403)) {
      return this.frame(view, html`<p class="note">${words.text("wall-needs-login")}</p>`);
    }
    if (!body) {
      const said = problem ? "wall-unread" : "wall-reading";
      return this.frame(view, html`<p class="note">${words.text(said)}</p>`);
    }
    const all = newest(body.items, view, this.type);
    if (all.length === 0) {
      return this.frame(view, html`<p class="note">${words.text("wall-records-none")}</p>`, {
        at: view.now,
      });
    }
    const states = Map.groupBy(all, (record) => record.state);
    const rows = this.fitting(all.slice(0, this.most), ROW, STATES);
    return this.frame(
      view,
      html`<ul class="record-states">
          ${[...states].map(
            ([state, some]) =>
              html`<li>
                <span class="number">${format.number(some.length)}</span>
                <span class="unit">${stateWord(view, state)}</span>
              </li>`,
          )}
        </ul>
        <ul class="records">
          ${rows.map((record) => this.row(view, record))}
        </ul>`,
      { aside: words.text("wall-records-newest", { n: all.length }), at: seconds(all[0]?.at) },
    );
  }

  private row(view: View, record: BusinessRecord): TemplateResult {
    const late = isOverdue(record, view.now);
    return html`<li data-record=${record.id} data-late=${late}>
      <span class="when number">${view.format.time(seconds(record.at), view.now)}</span>
      <button type="button" class="record-what" @click=${() => view.actions.open({ record: record.id })}>
        ${otherOrigin(view, record.origin)} ${subjectOf(view, record)}
      </button>
      <span class="record-where">${areaName(view, record.area)}</span>
      <span class="record-state">${late ? glyph("half") : nothing} ${stateWord(view, record.state)}</span>
    </li>`;
  }
}

/** What was answered, with what the stream has told since; the newest first. */
function newest(items: readonly BusinessRecord[], view: View, type: string): BusinessRecord[] {
  const found = new Map(items.map((record) => [record.id, record]));
  for (const record of view.model.records.values()) {
    const known = found.get(record.id);
    if (record.type === type && !(known && seconds(known.at) >= seconds(record.at))) {
      found.set(record.id, record);
    }
  }
  return [...found.values()].sort((a, b) => seconds(b.at) - seconds(a.at));
}

customElements.define("ioc-panel-records", RecordsPanel);
