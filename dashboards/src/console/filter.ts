/** Which alerts an operator wants to see, and which of them are meant. No DOM. */

import { byUrgency, isAside, isUnacknowledged, type Model, recentAlerts } from "../model/model";
import type { Alert, Area } from "../model/shapes";

export const STANDS = ["waiting", "acknowledged", "shelved", "suppressed", "over"] as const;
/** How an alert stands, in the words of who has to do something about it. */
export type Stand = (typeof STANDS)[number];

export interface Filter {
  /** Empty means all. */
  readonly severities: ReadonlySet<number>;
  readonly areas: ReadonlySet<string>;
  readonly stands: ReadonlySet<Stand>;
}

/** What is shown until somebody asks for something else: what can be acted on. */
export const USUAL: Filter = {
  severities: new Set(),
  areas: new Set(),
  stands: new Set<Stand>(["waiting", "acknowledged"]),
};

export function standOf(alert: Alert, now: number): Stand {
  if (alert.closed_at !== null || alert.state === "normal") return "over";
  if (alert.suppressed_by) return "suppressed";
  if (isAside(alert, now)) return "shelved";
  return isUnacknowledged(alert) ? "waiting" : "acknowledged";
}

/** A set with one more or one less. */
export function toggled<Item>(set: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** An area with everything inside it. */
export function within(areas: readonly Area[], chosen: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(chosen);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, parent } of areas) if (parent !== null && found.has(parent)) found.add(id);
  }
  return found;
}

/** The alerts a filter lets through: those that are over last, the most urgent first. */
export function filtered(model: Model, filter: Filter): Alert[] {
  const { severities, stands } = filter;
  const areas = within(model.site?.areas ?? [], filter.areas);
  const fits = (alert: Alert) =>
    (severities.size === 0 || severities.has(alert.severity)) &&
    (areas.size === 0 || areas.has("province") || areas.has(alert.area)) &&
    (stands.size === 0 || stands.has(standOf(alert, model.now)));
  const open = [...model.alerts.values()].filter(fits).sort(byUrgency);
  return [...open, ...recentAlerts(model).filter(fits)];
}

/** How many alerts stand how, whatever the severities and areas chosen. */
export function standCounts(model: Model): Record<Stand, number> {
  const counts = { waiting: 0, acknowledged: 0, shelved: 0, suppressed: 0, over: 0 };
  for (const alert of model.alerts.values()) counts[standOf(alert, model.now)] += 1;
  counts.over = model.closed.size;
  return counts;
}

/** Which rows are chosen, and which one the keys move from. */
export interface Choice {
  readonly at: string | null;
  readonly chosen: ReadonlySet<string>;
}

/**
 * Carry a choice over to rows that have changed: what went is no longer chosen, and where the row
 * in hand went, its neighbour takes its place.
 */
export function settled(
  choice: Choice,
  before: readonly string[],
  rows: readonly string[],
): Choice {
  const there = new Set(rows);
  const kept = [...choice.chosen].filter((id) => there.has(id));
  const chosen = kept.length === choice.chosen.size ? choice.chosen : new Set(kept);
  if (choice.at !== null && there.has(choice.at)) return { at: choice.at, chosen };
  const place = choice.at === null ? 0 : Math.max(0, before.indexOf(choice.at));
  return { at: rows[Math.min(place, rows.length - 1)] ?? null, chosen };
}

/** Move by so many rows; with `extend` the rows passed are chosen too. */
export function moved(
  choice: Choice,
  rows: readonly string[],
  by: number,
  extend: boolean,
): Choice {
  const from = Math.max(0, rows.indexOf(choice.at ?? ""));
  const to = Math.min(rows.length - 1, Math.max(0, from + by));
  const at = rows[to] ?? null;
  if (!extend) return { at, chosen: choice.chosen };
  const passed = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { at, chosen: new Set([...choice.chosen, ...passed]) };
}

/** The alerts a step is meant for: those chosen, else the one in hand. */
export function meant(choice: Choice): string[] {
  if (choice.chosen.size) return [...choice.chosen];
  return choice.at === null ? [] : [choice.at];
}
