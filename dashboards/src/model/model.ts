/**
 * What the wall knows, folded from the server's events. No DOM, no clock, no network.
 *
 * The maps are changed in place: a province sends four batches of values a second for days, and
 * copying thousands of entries for each would only feed the collector. Who paints asks
 * `revision`, which counts the changes of each topic, what has to be painted again.
 */

import type {
  Alert,
  BusinessRecord,
  Datastream,
  Incident,
  Indicator,
  Observation,
  Origin,
  Quality,
  ServerEvent,
  Site,
  Snapshot,
  Task,
  Thing,
  User,
} from "./shapes";
import { seconds } from "./shapes";

export type Topic =
  | "site"
  | "things"
  | "values"
  | "alerts"
  | "indicators"
  | "incidents"
  | "tasks"
  | "records"
  /** What the server answered to a panel's own question. */
  | "answers"
  | "clock"
  | "link"
  | "user"
  | "words"
  /** Dark or light, and the size of the letters. */
  | "look";

export const TOPICS: readonly Topic[] = [
  "site",
  "things",
  "values",
  "alerts",
  "indicators",
  "incidents",
  "tasks",
  "records",
  "answers",
  "clock",
  "link",
  "user",
  "words",
  "look",
];

/** How the wall stands with its server. `refused` needs a person: a login or another role;
 * `past` has no link, for it shows another time. */
export type LinkPhase = "connecting" | "live" | "lost" | "refused" | "past";

export interface LinkState {
  phase: LinkPhase;
  /** Whole seconds since the last frame, by the browser's steady clock. */
  silence: number;
  attempt: number;
}

/** A wall that has run for months must not hold more than this of anything. */
export const MOST_ALERTS = 10_000;
export const MOST_THINGS = 50_000;
const MOST_APPEARED = 200;
/** Closed alerts kept to be looked back at; the event log keeps them all. */
export const MOST_CLOSED = 40;
const MOST_GONE = 1_000;
const MOST_CASES = 5_000;
const MOST_RECORDS = 2_000;
const MOST_KINDS = 1_000;
/** Seconds up to which a value of an unknown thing is that thing speaking now. */
const FRESH = 60;

export class Model {
  site: Site | null = null;
  user: User | null = null;
  link: LinkState = { phase: "connecting", silence: 0, attempt: 0 };

  readonly things = new Map<string, Thing>();
  /** Open alerts only: whatever counts alerts counts these. */
  readonly alerts = new Map<string, Alert>();
  /** The last few that are over, in no order; `recentAlerts` gives one. */
  readonly closed = new Map<string, Alert>();
  /** By `id/area`. */
  readonly indicators = new Map<string, Indicator>();
  /** Open incidents and tasks only. */
  readonly incidents = new Map<string, Incident>();
  readonly tasks = new Map<string, Task>();
  /** The newest step of each piece of business heard of, by `type/id`. */
  readonly records = new Map<string, BusinessRecord>();
  /** Things first heard of while this wall was looking: id to the site's time, newest last. */
  readonly appeared = new Map<string, number>();
  /** Things that were taken away: id to the site's time. What is older than that is their echo. */
  readonly gone = new Map<string, number>();
  /** Whether a snapshot has told the things whole: what is unknown after that is new. */
  private listed = false;

  /** The newest event the wall has seen: where a broken link resumes. Null before the first. */
  seq: number | null = null;
  build: string | null = null;
  /** The site's clock at the last tick, in seconds since 1970 UTC. */
  now = Number.NaN;
  /** Seconds between an observation's time and its being judged, as the centre measures it. */
  lag = Number.NaN;
  /** What a bound made the wall forget, counted. */
  forgotten = 0;

  readonly revision: Record<Topic, number> = Object.fromEntries(
    TOPICS.map((topic) => [topic, 0]),
  ) as Record<Topic, number>;

  /** By kind, the revision of `values` at which one of its things last spoke. */
  private readonly spoken = new Map<string, number>();
  /** The revision of `values` at which any thing may have changed. */
  private allSpoken = 0;
  private readonly kinds = new Map<string, Thing[]>();
  private kindsAt = -1;
  private worst: WorstAlerts | null = null;
  private worstAt = "";

  /** Say that something of a topic has changed. */
  touch(...topics: Topic[]): void {
    for (const topic of topics) this.revision[topic] += 1;
    if (topics.includes("values")) this.allSpoken = this.revision.values;
  }

  /** The revision of `values` as far as it concerns things of these kinds. */
  valuesOf(kinds: readonly string[]): number {
    return Math.max(this.allSpoken, ...kinds.map((kind) => this.spoken.get(kind) ?? 0));
  }

  /** The things of a kind, in the order of `things`: a thousand tiles must not each look through all. */
  thingsOf(kind: string): readonly Thing[] {
    if (this.kindsAt !== this.revision.things) {
      this.kindsAt = this.revision.things;
      this.kinds.clear();
      for (const thing of this.things.values()) {
        const some = this.kinds.get(thing.kind);
        if (some) some.push(thing);
        else this.kinds.set(thing.kind, [thing]);
      }
    }
    return this.kinds.get(kind) ?? [];
  }

  /** The worst open alerts by area and by thing: what the map is coloured by. */
  worstAlerts(): WorstAlerts {
    const at = `${this.revision.alerts}/${this.now}`;
    if (this.worst === null || this.worstAt !== at) {
      this.worst = worstOf(urgentAlerts(this));
      this.worstAt = at;
    }
    return this.worst;
  }

  /** Fold one event of the server. */
  apply(event: ServerEvent): void {
    switch (event.kind) {
      case "hello":
        this.build = event.build;
        this.setNow(event.now);
        break;
      case "snapshot":
        this.replace(event.data);
        this.seq = event.seq;
        break;
      case "alert":
        this.setAlert(event.data);
        this.advance(event.seq);
        break;
      case "indicator":
        this.setIndicator(event.data);
        this.advance(event.seq);
        break;
      case "thing":
        this.setThing(event.data, seconds(event.at));
        this.advance(event.seq);
        break;
      case "values":
        this.revision.values += 1;
        for (const [key, observation] of Object.entries(event.data)) {
          this.setValue(key, observation, seconds(event.at));
        }
        break;
      case "tick":
        this.setNow(event.now);
        this.lag = event.lag;
        this.advance(event.seq);
        break;
      case "incident":
        this.setIncident(event.data);
        this.advance(event.seq);
        break;
      case "task":
        this.setTask(event.data);
        this.advance(event.seq);
        break;
      case "record":
        this.setRecord(event.data);
        this.advance(event.seq);
        break;
      case "drill":
        // Not shown on this board; the sequence still moves, or a resume would repeat it.
        this.advance(event.seq);
        break;
      default:
        event satisfies never;
    }
  }

  /** Take what a snapshot holds in place of what was known; what it leaves out stays. */
  replace(snapshot: Snapshot): void {
    if (snapshot.things) {
      this.things.clear();
      this.gone.clear();
      for (const thing of snapshot.things) this.keepThing(whole(thing));
      this.listed = true;
      this.touch("things", "values");
    }
    if (snapshot.alerts) {
      this.alerts.clear();
      for (const alert of snapshot.alerts) this.setAlert(alert);
      this.touch("alerts");
    }
    if (snapshot.indicators) {
      this.indicators.clear();
      for (const indicator of snapshot.indicators) this.setIndicator(indicator);
      this.touch("indicators");
    }
    for (const incident of snapshot.incidents ?? []) this.setIncident(incident);
    for (const task of snapshot.tasks ?? []) this.setTask(task);
    if (snapshot.values) {
      for (const [key, observation] of Object.entries(snapshot.values)) {
        this.setValue(key, observation, Number.NaN);
      }
      this.touch("values");
    }
  }

  /** Merge things read by REST: their newest values never replace newer ones of the stream. */
  mergeThings(things: readonly Thing[]): void {
    for (const told of things) {
      const thing = whole(told);
      const known = this.things.get(thing.id);
      if (known) {
        for (const datastream of thing.datastreams) {
          const mine = known.datastreams.find((one) => one.name === datastream.name);
          if (mine?.last && mine.last[0] > (datastream.last?.[0] ?? Number.NEGATIVE_INFINITY)) {
            datastream.last = mine.last;
            datastream.quality = mine.quality;
          }
        }
      }
      this.keepThing(thing);
    }
    this.touch("things", "values");
  }

  /**
   * Merge things read by REST that were asked for a moment ago. One that the snapshot did not
   * hold is new to this wall, even where the answer overtakes the stream's word of it.
   *
   * @param gone - who was gone when they were asked for: one that went since is not to come back.
   */
  mergeAnswer(things: readonly Thing[], gone: ReadonlySet<string>): void {
    const there = things.filter(({ id }) => gone.has(id) || !this.gone.has(id));
    const fresh = this.listed ? there.filter(({ id }) => !this.things.has(id)) : [];
    this.mergeThings(there);
    for (const { id } of fresh) if (this.things.has(id)) this.sawAppear(id, Number.NaN);
  }

  /** Merge one alert: an older version never replaces a newer one. */
  setAlert(alert: Alert): void {
    const known = this.alerts.get(alert.id) ?? this.closed.get(alert.id);
    if (known && known.version > alert.version) return;
    if (isOpen(alert)) {
      this.closed.delete(alert.id);
      if (!this.alerts.has(alert.id) && this.alerts.size >= MOST_ALERTS) {
        dropFirst(this.alerts);
        this.forgotten += 1;
      }
      this.alerts.set(alert.id, alert);
    } else {
      this.alerts.delete(alert.id);
      this.keepClosed(alert);
    }
    this.touch("alerts");
  }

  setIndicator(indicator: Indicator): void {
    this.indicators.set(`${indicator.id}/${indicator.area}`, indicator);
    this.touch("indicators");
  }

  /** Keep an open incident, and forget one that was closed; an older version changes nothing. */
  setIncident(incident: Incident): void {
    keepOpen(this.incidents, incident);
    this.touch("incidents");
  }

  setTask(task: Task): void {
    keepOpen(this.tasks, task);
    this.touch("tasks");
  }

  /** Keep the newest step of a piece of business. */
  setRecord(record: BusinessRecord): void {
    const id = `${record.type}/${record.id}`;
    const known = this.records.get(id);
    if (known && seconds(known.at) > seconds(record.at)) return;
    this.records.delete(id);
    this.records.set(id, record);
    if (this.records.size > MOST_RECORDS) dropFirst(this.records);
    this.touch("records");
  }

  setThing(thing: Thing, at: number): void {
    if (thing.removed) {
      this.things.delete(thing.id);
      this.appeared.delete(thing.id);
      this.gone.delete(thing.id);
      this.gone.set(thing.id, Number.isNaN(at) ? this.now : at);
      if (this.gone.size > MOST_GONE) dropFirst(this.gone);
      this.touch("things", "values");
      return;
    }
    this.gone.delete(thing.id);
    const known = this.things.get(thing.id);
    if (!known || (!known.described && thing.described)) this.sawAppear(thing.id, at);
    this.mergeThings([thing]);
  }

  private setValue(key: string, observation: Observation, at: number): void {
    const slash = key.lastIndexOf("/");
    if (slash < 1) return;
    const [time, value, quality] = observation;
    const id = key.slice(0, slash);
    const name = key.slice(slash + 1);
    let thing = this.things.get(id);
    if (!thing) {
      // An old value of a thing that is not there is an echo of one that was taken away.
      if (!(at - time <= FRESH) || time <= (this.gone.get(id) ?? Number.NEGATIVE_INFINITY)) return;
      // It speaks before anybody described it: the wall shows it at once, as undescribed.
      thing = undescribed(id);
      this.keepThing(thing);
      this.sawAppear(id, at);
      this.touch("things");
    }
    const datastream = thing.datastreams.find((one) => one.name === name);
    if (!datastream) {
      thing.datastreams.push({ name, unit: "", period: null, last: [time, value], quality });
      this.touch("things");
      return;
    }
    if (datastream.last && datastream.last[0] > time) return;
    datastream.last = [time, value];
    datastream.quality = quality;
    this.spoke(thing.kind);
  }

  private spoke(kind: string): void {
    if (!this.spoken.has(kind) && this.spoken.size >= MOST_KINDS) {
      this.spoken.clear();
      this.allSpoken = this.revision.values;
    }
    this.spoken.set(kind, this.revision.values);
  }

  private keepThing(thing: Thing): void {
    if (!this.things.has(thing.id) && this.things.size >= MOST_THINGS) {
      this.forgotten += 1;
      return;
    }
    this.things.set(thing.id, thing);
  }

  private sawAppear(id: string, at: number): void {
    this.appeared.delete(id);
    this.appeared.set(id, Number.isNaN(at) ? this.now : at);
    if (this.appeared.size > MOST_APPEARED) dropFirst(this.appeared);
  }

  private keepClosed(alert: Alert): void {
    this.closed.set(alert.id, alert);
    if (this.closed.size <= MOST_CLOSED) return;
    const oldest = recentAlerts(this).at(-1);
    if (oldest) this.closed.delete(oldest.id);
  }

  private advance(seq: number): void {
    if (this.seq === null || seq > this.seq) this.seq = seq;
  }

  private setNow(text: string): void {
    const now = seconds(text);
    if (Number.isNaN(now)) return;
    this.now = now;
    this.touch("clock");
  }
}

/** A thing as an event tells it has no newest values yet: say so instead of leaving them out. */
function whole(thing: Thing): Thing {
  const datastreams = (thing.datastreams ?? []).map((one) => ({
    ...one,
    last: one.last ?? null,
    quality: one.quality ?? "missing",
  }));
  return { ...thing, datastreams };
}

function undescribed(id: string): Thing {
  return {
    id,
    area: "",
    kind: "",
    name: {},
    location: null,
    origin: "unknown",
    described: false,
    status: "online",
    via: null,
    datastreams: [],
  };
}

function keepOpen<Case extends { id: string; version: number; state: string }>(
  cases: Map<string, Case>,
  told: Case,
): void {
  const known = cases.get(told.id);
  if (known && known.version > told.version) return;
  if (told.state === "closed") {
    cases.delete(told.id);
    return;
  }
  cases.set(told.id, told);
  if (cases.size > MOST_CASES) dropFirst(cases);
}

function dropFirst(map: Map<string, unknown>): void {
  const first = map.keys().next().value;
  if (first !== undefined) map.delete(first);
}

/** Whether somebody still owes the alert an answer, or its condition still holds. */
export function isOpen(alert: Alert): boolean {
  return alert.closed_at === null && alert.state !== "normal";
}

/** Whether the alert waits for an acknowledgement, active or already cleared by itself. */
export function isUnacknowledged(alert: Alert): boolean {
  return alert.state === "unacknowledged" || alert.state === "returned";
}

/** Whether a person or the system put the alert aside for now; `now` in seconds. */
export function isAside(alert: Alert, now: number): boolean {
  if (alert.suppressed_by) return true;
  const until = seconds(alert.shelved_until);
  return !Number.isNaN(until) && !(until <= now);
}

/** Unacknowledged first, then the most severe, then the newest. */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    b.severity - a.severity ||
    seconds(b.raised_at) - seconds(a.raised_at) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** The open alerts nobody put aside, most urgent first. */
export function urgentAlerts(model: Model): Alert[] {
  return [...model.alerts.values()].filter((alert) => !isAside(alert, model.now)).sort(byUrgency);
}

/** The open incidents, the most severe first, then those whose time is over, then the oldest. */
export function openIncidents(model: Model): Incident[] {
  return [...model.incidents.values()].sort(
    (a, b) =>
      b.severity - a.severity ||
      Number(b.late ?? false) - Number(a.late ?? false) ||
      time(a.due) - time(b.due) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** The open tasks: late ones first, then those due first. */
export function openTasks(model: Model): Task[] {
  return [...model.tasks.values()].sort(
    (a, b) =>
      Number(b.late) - Number(a.late) || time(a.due) - time(b.due) || (a.id < b.id ? -1 : 1),
  );
}

function time(text: string | null): number {
  const at = seconds(text);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

export interface WorstAlerts {
  readonly areas: ReadonlyMap<string, { severity: number; count: number; unacknowledged: boolean }>;
  readonly things: ReadonlyMap<string, Alert>;
}

function worstOf(alerts: readonly Alert[]): WorstAlerts {
  const areas = new Map<string, { severity: number; count: number; unacknowledged: boolean }>();
  const things = new Map<string, Alert>();
  for (const alert of alerts) {
    const area = areas.get(alert.area) ?? { severity: 0, count: 0, unacknowledged: false };
    area.count += 1;
    area.severity = Math.max(area.severity, alert.severity);
    area.unacknowledged ||= isUnacknowledged(alert);
    areas.set(alert.area, area);
    const worst = things.get(alert.thing);
    if (!worst || worst.severity < alert.severity) things.set(alert.thing, alert);
  }
  return { areas, things };
}

/**
 * What may be believed of a datastream's newest value at a time of the site's clock.
 *
 * Stale is three periods without an observation, and never less than half a minute: a value of a
 * one-second datastream must not flicker.
 */
export function qualityAt(datastream: Datastream, now: number): Quality {
  if (!datastream.last) return "missing";
  if (now - datastream.last[0] > Math.max(3 * (datastream.period ?? 0), 30)) return "stale";
  const said = datastream.quality;
  return said === "stale" || said === "missing" ? "good" : said;
}

/** When an alert was over: by its condition where the past was judged, by people otherwise. */
export function overAt(alert: Alert): number {
  const cleared = seconds(alert.cleared_at);
  const closed = seconds(alert.closed_at);
  const time = alert.history || Number.isNaN(closed) ? cleared : closed;
  return Number.isNaN(time) ? seconds(alert.raised_at) : time;
}

/** The closed alerts the wall still knows, the one that was over last first. */
export function recentAlerts(model: Model): Alert[] {
  return [...model.closed.values()].sort(
    (a, b) => overAt(b) - overAt(a) || b.severity - a.severity || (a.id < b.id ? -1 : 1),
  );
}

export interface Freshness {
  kind: string;
  live: number;
  stale: number;
  missing: number;
  /** Time of the newest observation of the kind, or NaN. */
  newest: number;
}

/** Count each kind's datastreams by freshness, kinds in the order of their first thing. */
export function freshnessByKind(model: Model): Freshness[] {
  const kinds = new Map<string, Freshness>();
  for (const thing of model.things.values()) {
    // A gateway speaks for others and has nothing of its own to be fresh.
    if (thing.datastreams.length === 0) continue;
    let row = kinds.get(thing.kind);
    if (!row) {
      row = { kind: thing.kind, live: 0, stale: 0, missing: 0, newest: Number.NaN };
      kinds.set(thing.kind, row);
    }
    for (const datastream of thing.datastreams) {
      const quality = qualityAt(datastream, model.now);
      if (quality === "stale") row.stale += 1;
      else if (quality === "missing") row.missing += 1;
      else row.live += 1;
      const at = datastream.last?.[0] ?? Number.NaN;
      if (!(row.newest >= at)) row.newest = Number.isNaN(at) ? row.newest : at;
    }
  }
  return [...kinds.values()];
}

/**
 * The things a person at the wall has most reason to call new.
 *
 * First those that appeared while the wall was looking, the newest first; then, so that a reload
 * does not forget a hand-made one, those that nobody described or that are not simulated.
 */
export function newestThings(model: Model, most: number): Thing[] {
  const chosen = new Map<string, Thing>();
  for (const id of [...model.appeared.keys()].reverse()) {
    const thing = model.things.get(id);
    if (thing) chosen.set(id, thing);
    if (chosen.size >= most) return [...chosen.values()];
  }
  const others = [...model.things.values()]
    .filter(
      (thing) => !chosen.has(thing.id) && (!thing.described || thing.origin !== model.site?.origin),
    )
    .sort((a, b) => newestTime(b) - newestTime(a));
  for (const thing of others.slice(0, most - chosen.size)) chosen.set(thing.id, thing);
  return [...chosen.values()];
}

/** The other origins among the things: on a simulated site the drill, the recording, the real. */
export function otherOrigins(model: Model): Origin[] {
  const found = new Set<Origin>();
  for (const { origin, described } of model.things.values()) {
    if (described && origin !== "unknown" && origin !== model.site?.origin) found.add(origin);
  }
  return [...found].sort();
}

/**
 * The things heard last, each of another kind: where nothing is new, that the centre listens.
 *
 * @param without - things that stand elsewhere already.
 */
export function lastHeard(model: Model, most: number, without: ReadonlySet<string>): Thing[] {
  const kinds = new Map<string, Thing>();
  for (const thing of model.things.values()) {
    if (without.has(thing.id) || !Number.isFinite(newestTime(thing))) continue;
    const known = kinds.get(thing.kind);
    if (!known || newestTime(known) < newestTime(thing)) kinds.set(thing.kind, thing);
  }
  return [...kinds.values()].sort((a, b) => newestTime(b) - newestTime(a)).slice(0, most);
}

/** The time of a thing's newest observation; minus infinity where it has none. */
export function newestTime(thing: Thing): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { last } of thing.datastreams) if (last && last[0] > newest) newest = last[0];
  return newest;
}

/** The datastream of `"thing/datastream"`, where both are known. */
export function datastreamOf(
  model: Model,
  key: string,
): { thing: Thing; datastream: Datastream } | null {
  const slash = key.lastIndexOf("/");
  const thing = model.things.get(key.slice(0, slash));
  const datastream = thing?.datastreams.find((one) => one.name === key.slice(slash + 1));
  return thing && datastream ? { thing, datastream } : null;
}
