/**
 * What people may do at the console: each deed with its key, who may, when, and what it asks.
 *
 * A deed is one call of the interface. The server is the judge of all of it; what stands here only
 * spares a person what would be refused. No DOM.
 */

import { isUnacknowledged } from "../model/model";
import type { Alert, Incident, IncidentState, Task, TaskState } from "../model/shapes";
import { standOf } from "./filter";
import { chosenTime } from "./moments";
import type { Permission } from "./roles";

/** The rule of an alert that a person raised. */
export const MANUAL = "manual";

export interface Window {
  id: string;
  version: number;
  area: string | null;
  thing: string | null;
  rule: string | null;
  from: string;
  to: string;
  by: string;
  note: string;
  cancelled: boolean;
}

export interface Handover {
  id: string;
  version: number;
  area: string;
  from: string;
  to: string;
  at: string;
  note: string;
  open: Record<string, number>;
  confirmed_at: string | null;
}

/** Somebody to call, as the roster and shifts hold them. */
export interface Person {
  name: string;
  phone: string;
  duty: string;
  username: string;
  agency: string;
  email?: string;
}

export interface Contact extends Person {
  id: string;
  area: string;
}

export interface Shift {
  id: string;
  area: string;
  from: string;
  to: string;
  people: Person[];
  note: string;
}

/** What there is to choose of: open alerts elsewhere, those of the incident, the telephone list. */
export type Choices = "others" | "gathered" | "roster";

/** A field of a deed's question. */
export type Field =
  | { kind: "note" | "line"; name: string; needed?: boolean; list?: "owners" | "things" | "people" }
  | { kind: "choice"; name: string; options: readonly string[] }
  | { kind: "severity" | "area"; name: string; needed?: boolean }
  /** Several of a list; what is filled in is one a line. */
  | { kind: "several"; name: string; of: Choices; needed?: boolean }
  /** Another open incident. */
  | { kind: "incident"; name: string; needed: true }
  /** Taken over as it is, and not shown. */
  | { kind: "hidden"; name: string }
  /** `now`, `h:2`, `d:2` or `at`, see moments.ts; hours count from the field `after`, else from now. */
  | { kind: "when"; name: string; options: readonly string[]; after?: string };

export interface Deed<Of> {
  readonly id: string;
  /** The key without any modifier; empty where there is none. */
  readonly key: string;
  readonly permission: Permission;
  readonly fields: readonly Field[];
  /** How it is asked of the server; `POST` where nothing is said. */
  readonly method?: "DELETE";
  fits(of: Of, now: number): boolean;
  path(of: Of): string;
}

const note: Field = { kind: "note", name: "note" };
const why: Field = { kind: "note", name: "note", needed: true };
const reason: Field = {
  kind: "choice",
  name: "reason",
  options: ["true", "false", "duplicate", "test"],
};
const owner: Field = { kind: "line", name: "owner", needed: true, list: "owners" };
const due: Field = {
  kind: "when",
  name: "due",
  options: ["h:2", "h:4", "h:8", "d:1", "d:2", "d:5", "d:15", "at"],
};
const until: Field = {
  kind: "when",
  name: "until",
  options: ["h:0.5", "h:1", "h:2", "h:4", "h:8", "h:24", "h:72", "at"],
};

function alertDeed(
  id: string,
  key: string,
  permission: Permission,
  fields: readonly Field[],
  fits: (alert: Alert, now: number) => boolean,
): Deed<Alert> {
  return { id, key, permission, fields, fits, path: (of) => `/alerts/${esc(of.id)}/${id}` };
}

const isOver = (alert: Alert, now: number) => standOf(alert, now) === "over";

export const ALERT_DEEDS: readonly Deed<Alert>[] = [
  alertDeed("acknowledge", "a", "acknowledge", [note], isUnacknowledged),
  alertDeed(
    "shelve",
    "h",
    "shelve",
    [until, why],
    (of, now) => !isOver(of, now) && !of.shelved_until,
  ),
  alertDeed("unshelve", "u", "shelve", [note], (of) => of.shelved_until !== null),
  alertDeed("comment", "c", "comment", [why], () => true),
  alertDeed(
    "close",
    "x",
    "close",
    [reason, note],
    (of, now) => !isOver(of, now) && (of.condition === "cleared" || of.rule === MANUAL),
  ),
];

/** What may follow each state of an incident; `comment` always may. */
const INCIDENT_NEXT: Readonly<Record<IncidentState, readonly string[]>> = {
  received: ["verify", "supplement", "close", "link", "split", "merge"],
  verified: ["assign", "supplement", "close", "link", "split", "merge"],
  assigned: ["assign", "start", "return", "close", "link", "split", "merge"],
  "in-progress": ["progress", "done", "assign", "return", "link", "split", "merge"],
  done: ["return", "close", "link", "split", "merge"],
  closed: [],
};

function incidentDeed(
  id: string,
  key: string,
  permission: Permission,
  fields: readonly Field[],
): Deed<Incident> {
  return {
    id,
    key,
    permission,
    fields,
    fits: (of) => id === "comment" || (INCIDENT_NEXT[of.state].includes(id) && suits(id, of)),
    path: (of) => `/incidents/${esc(of.id)}/${id}`,
  };
}

/** Only a citizen's report can be supplemented, and only of several alerts some are parted. */
function suits(id: string, of: Incident): boolean {
  if (id === "supplement") return Boolean(of.record);
  return id !== "split" || of.alerts.length > 1;
}

export const INCIDENT_DEEDS: readonly Deed<Incident>[] = [
  incidentDeed("verify", "v", "dispatch", [note]),
  incidentDeed("supplement", "u", "dispatch", [why]),
  incidentDeed("assign", "g", "dispatch", [owner, due, note]),
  incidentDeed("start", "b", "handle", [note]),
  incidentDeed("progress", "p", "handle", [why]),
  incidentDeed("done", "d", "handle", [note]),
  incidentDeed("return", "r", "handle", [why]),
  incidentDeed("close", "x", "dispatch", [reason, note]),
  incidentDeed("link", "j", "dispatch", [
    { kind: "several", name: "alerts", of: "others", needed: true },
    note,
  ]),
  incidentDeed("split", "z", "dispatch", [
    { kind: "several", name: "alerts", of: "gathered", needed: true },
    note,
  ]),
  incidentDeed("merge", "q", "dispatch", [{ kind: "incident", name: "into", needed: true }, note]),
  incidentDeed("comment", "c", "comment", [why]),
];

const TASK_NEXT: Readonly<Record<TaskState, readonly string[]>> = {
  assigned: ["accept", "assign", "return", "close"],
  accepted: ["progress", "done", "assign", "return"],
  done: ["close", "return"],
  returned: ["accept", "assign", "close"],
  closed: [],
};

function taskDeed(
  id: string,
  key: string,
  permission: Permission,
  fields: readonly Field[],
): Deed<Task> {
  return {
    id,
    key,
    permission,
    fields,
    fits: ({ state }) => id === "comment" || TASK_NEXT[state].includes(id),
    path: (of) => `/tasks/${esc(of.id)}/${id}`,
  };
}

export const TASK_DEEDS: readonly Deed<Task>[] = [
  taskDeed("accept", "v", "handle", [note]),
  taskDeed("progress", "p", "handle", [why]),
  taskDeed("done", "d", "handle", [note]),
  taskDeed("return", "r", "tasks", [why]),
  taskDeed("assign", "g", "give", [owner, due, note]),
  taskDeed("close", "x", "give", [note]),
  taskDeed("comment", "c", "comment", [why]),
];

export const WINDOW_DEEDS: readonly Deed<Window>[] = [
  {
    id: "end",
    key: "x",
    permission: "maintain",
    fields: [note],
    fits: (of) => !of.cancelled,
    path: (of) => `/maintenance/${esc(of.id)}/end`,
  },
];

export const HANDOVER_DEEDS: readonly Deed<Handover>[] = [
  {
    id: "confirm",
    key: "v",
    permission: "hand-over",
    fields: [],
    fits: (of) => of.confirmed_at === null,
    path: (of) => `/shifts/handover/${esc(of.id)}/confirm`,
  },
];

export const SHIFT_DEEDS: readonly Deed<Shift>[] = [
  {
    id: "drop-shift",
    key: "",
    permission: "shifts",
    fields: [],
    method: "DELETE",
    fits: () => true,
    path: (of) => `/shifts/${esc(of.id)}`,
  },
];

export const CONTACT_DEEDS: readonly Deed<Contact>[] = [
  {
    id: "drop-contact",
    key: "",
    permission: "shifts",
    fields: [],
    method: "DELETE",
    fits: () => true,
    path: (of) => `/roster/${esc(of.id)}`,
  },
];

/** Deeds on nothing that is there yet. */
function newDeed(
  id: string,
  key: string,
  permission: Permission,
  path: string,
  fields: readonly Field[],
): Deed<null> {
  return { id, key, permission, fields, fits: () => true, path: () => path };
}

export const NEW_DEEDS: readonly Deed<null>[] = [
  newDeed("raise", "n", "raise", "/alerts", [
    { kind: "choice", name: "told", options: ["call", "bulletin", "seen"] },
    { kind: "line", name: "teller" },
    { kind: "severity", name: "severity" },
    { kind: "area", name: "area", needed: true },
    { kind: "note", name: "message", needed: true },
    { kind: "line", name: "thing", list: "things" },
    { kind: "line", name: "response" },
  ]),
  newDeed("open", "o", "dispatch", "/incidents", [{ kind: "line", name: "title" }, note]),
  newDeed("give", "w", "give", "/tasks", [
    { kind: "line", name: "title", needed: true },
    owner,
    due,
    { kind: "area", name: "area" },
    note,
  ]),
  newDeed("maintain", "e", "maintain", "/maintenance", [
    { kind: "area", name: "area" },
    { kind: "line", name: "thing", list: "things" },
    { kind: "line", name: "rule" },
    { kind: "when", name: "to", options: ["h:1", "h:4", "h:8", "h:24", "h:72", "at"] },
    why,
  ]),
  newDeed("hand-over", "y", "hand-over", "/shifts/handover", [
    { kind: "line", name: "to", needed: true, list: "people" },
    { kind: "area", name: "area" },
    why,
  ]),
  newDeed("plan", "", "shifts", "/shifts", [
    { kind: "when", name: "from", options: ["now", "h:8", "h:12", "h:24", "at"] },
    { kind: "when", name: "to", options: ["h:8", "h:12", "h:24", "at"], after: "from" },
    { kind: "several", name: "people", of: "roster" },
    { kind: "line", name: "name", list: "people" },
    { kind: "line", name: "phone" },
    { kind: "line", name: "duty" },
    { kind: "line", name: "username" },
    { kind: "area", name: "area" },
    note,
  ]),
  newDeed("contact", "", "shifts", "/roster", [
    { kind: "hidden", name: "id" },
    { kind: "line", name: "name", needed: true },
    { kind: "line", name: "phone", needed: true },
    { kind: "line", name: "email" },
    { kind: "line", name: "duty" },
    { kind: "line", name: "username" },
    { kind: "line", name: "agency", list: "owners" },
    { kind: "area", name: "area" },
  ]),
];

/** The words of one sentence of the console, as `Words.text` gives them. */
type Say = (id: string, args?: Record<string, string>) => string;

/**
 * Make a deed's request out of what was filled in.
 *
 * @param filled - the form's fields; those of time by `<name>-in` and `<name>-at`.
 * @returns the request's body, or the name of the field that is wrong.
 */
export function bodyOf(
  deed: Deed<never>,
  filled: Readonly<Record<string, string>>,
  now: number,
  zone: string,
  say: Say,
): { body: Record<string, unknown> } | { wrong: string } {
  const body: Record<string, unknown> = {};
  for (const field of deed.fields) {
    const { name } = field;
    if (field.kind === "when") {
      const choice = filled[`${name}-in`] ?? "";
      const begun = field.after ? Date.parse(String(body[field.after])) / 1000 : now;
      const time = chosenTime(name, choice, filled[`${name}-at`] ?? "", begun, zone);
      if (!time) return { wrong: name };
      Object.assign(body, time);
      continue;
    }
    const told = (filled[name] ?? "").trim();
    if ("needed" in field && field.needed && told === "") return { wrong: name };
    if (told !== "") body[name] = written(field, told);
  }
  if (deed.id === "plan") return planned(body);
  return { body: reshaped(deed.id, body, say) };
}

function written(field: Field, told: string): unknown {
  if (field.kind === "severity") return Number(told);
  return field.kind === "several" ? told.split("\n") : told;
}

/** A shift of those chosen of the telephone list, and of somebody written down; of one at least. */
function planned(
  told: Record<string, unknown>,
): { body: Record<string, unknown> } | { wrong: string } {
  const { name, phone, duty, username, people, ...rest } = told;
  const all = ((people as string[] | undefined) ?? []).map((one) => JSON.parse(one) as object);
  if (name !== undefined && phone === undefined) return { wrong: "phone" };
  if (name !== undefined) all.push(present({ name, phone, duty, username }));
  return all.length ? { body: { ...rest, people: all } } : { wrong: "people" };
}

function present(told: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

/** An id for somebody new on the telephone list: their name and number as `a-z0-9-`. */
export function contactId(name: string, phone: string): string {
  const plain = `${name} ${phone.replaceAll(/[^0-9]/g, "")}`
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "");
  return plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 64)
    .replaceAll(/^-|-$/g, "");
}

/** Where the request is shaped unlike its form. */
function reshaped(id: string, body: Record<string, unknown>, say: Say): Record<string, unknown> {
  if (id === "raise") {
    const { told, teller, ...rest } = body;
    const source = say(`console-told-${told}`);
    return { ...rest, note: teller ? `${source}: ${teller}` : source };
  }
  if (id === "contact" && body.id === undefined) {
    return { ...body, id: contactId(String(body.name), String(body.phone)) };
  }
  return body;
}

function esc(id: string): string {
  return encodeURIComponent(id);
}
