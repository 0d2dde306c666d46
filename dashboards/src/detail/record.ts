/** A citizen's report or another piece of business: what it is about, where it stands, until when. */

import { html, nothing } from "lit";
import { clean } from "../format";
import { type BusinessRecord, seconds } from "../model/shapes";
import { areaName, glyph, otherOrigin, thingName } from "../pieces";
import type { View } from "../store";
import { type Content, fact } from "./content";

export function recordDetail(view: View, id: string): Content {
  const { words, format } = view;
  const record = find(view, id);
  if (!record) {
    return {
      title: words.text("wall-record"),
      kicker: "",
      body: html`<p class="note">${words.text("wall-records-none")}</p>`,
    };
  }
  const late = isOverdue(record, view.now);
  return {
    title: subjectOf(view, record),
    kicker: html`${otherOrigin(view, record.origin)}${words.text("wall-record")} · ${areaName(view, record.area)}`,
    body: html`<p class="detail-state" data-record=${record.id}>
        <strong>${stateWord(view, record.state)}</strong>
        ${late ? html`${glyph("half")}<strong>${words.text("wall-late-now")}</strong>` : nothing}
      </p>
      <dl class="facts">
        ${fact(words.text("wall-record-number"), clean(record.id))}
        ${fact(words.text("wall-record-channel"), wordOf(view, "channel", record.data.channel))}
        ${fact(words.text("wall-owner"), record.agency ? thingName(view, record.agency) : null)}
        ${fact(words.text("wall-record-moved"), format.time(seconds(record.at), view.now))}
        ${fact(words.text("wall-due-name"), record.due ? format.time(seconds(record.due), view.now) : null)}
        ${fact(words.text("wall-place"), record.location?.map((one) => format.number(one, 4)).join("; "))}
      </dl>`,
  };
}

/** What a record is about: its own title, its field in words, else its number. */
export function subjectOf(view: View, record: BusinessRecord): string {
  const { title, topic, category, field } = record.data;
  const told = title ?? topic ?? category;
  return told ? clean(String(told)) : (wordOf(view, "field", field) ?? clean(record.id));
}

/** A record in one of these states is answered: nobody owes anything, and it cannot be late. */
export const ANSWERED: ReadonlySet<string> = new Set(["done", "published", "refused"]);

export function isOverdue(record: BusinessRecord, now: number): boolean {
  return seconds(record.due) < now && !ANSWERED.has(record.state);
}

export function stateWord(view: View, state: string): string {
  return wordOf(view, "state", state) ?? clean(state);
}

/** A code of a record in words; the code itself where there is no word for it. */
function wordOf(view: View, part: string, code: unknown): string | null {
  if (code === null || code === undefined) return null;
  const slug = String(code).replaceAll(/[^\w-]/g, "_");
  return view.words.find(`record-${part}-${slug}`) ?? clean(String(code));
}

function find(view: View, id: string): BusinessRecord | undefined {
  const told = view.model.records.get(id);
  if (told) return told;
  const query = new URLSearchParams({ type: "service-request", limit: "300" });
  const { body } = view.actions.ask<{ items: BusinessRecord[] }>(`/records?${query}`, 30);
  return body?.items.find((one) => one.id === id);
}
