/**
 * What the server says: the contract's JSON, as types.
 *
 * Everything arriving is a member of one discriminated union, so that the fold in `model.ts` can
 * be one exhaustive `switch`. Fields the server may add are optional; none is renamed.
 */

/** A word or a name in the wall's languages; any of them may be absent. */
export type Localized = Partial<Record<string, string>>;

export type Origin = "simulated" | "exercise" | "replay" | "real";

/** What may be believed of a value. `stale` and `missing` are read off time. */
export type Quality = "good" | "suspect" | "bad" | "stale" | "missing";

export type Severity = 1 | 2 | 3 | 4 | 5;

/** Seconds since 1970 UTC, the number, and what may be believed of it. */
export type Observation = [time: number, value: number, quality: Quality];

/** An observation reduced to one of a chart's points: time, least, mean, greatest, how many. */
export type ReducedObservation = [
  time: number,
  min: number | null,
  mean: number | null,
  max: number | null,
  n: number,
];

export interface Datastream {
  name: string;
  unit: string;
  /** Seconds between observations; null where nobody said. */
  period: number | null;
  last: [time: number, value: number] | null;
  quality: Quality;
  /** A category's words, worst first; the value is an index into them. */
  levels?: string[];
  /** What people call it; null where nobody named it. */
  label?: Localized | null;
  resolution?: number | null;
}

export interface Thing {
  id: string;
  area: string;
  kind: string;
  name: Localized;
  location: [lon: number, lat: number] | null;
  /** `unknown` only until the server describes a thing whose values came first. */
  origin: Origin | "unknown";
  described: boolean;
  status: "online" | "offline" | "silent";
  via: string | null;
  datastreams: Datastream[];
  /** Named limits of the thing, such as a river's flood levels, in the datastream's unit. */
  limits?: Record<string, number>;
  /** Set where the thing was taken away: an empty `about`. */
  removed?: boolean;
}

export type AlertState = "unacknowledged" | "acknowledged" | "returned" | "normal";

export interface AlertStep {
  at: string;
  by: string;
  step: string;
  note: string;
}

export interface Alert {
  id: string;
  version: number;
  seq: number;
  rule: string;
  thing: string;
  datastream: string;
  area: string;
  severity: Severity;
  condition: "active" | "cleared";
  state: AlertState;
  shelved_until: string | null;
  suppressed_by: string | null;
  origin: Origin;
  history: boolean;
  raised_at: string;
  detected_at: string;
  cleared_at: string | null;
  closed_at: string | null;
  reason: string | null;
  value: number | null;
  limit: number | null;
  unit: string;
  message: Localized;
  response: Localized;
  incident: string | null;
  steps: AlertStep[];
}

export type Standing = "on-target" | "at-risk" | "off-target" | "unknown";

export interface Indicator {
  id: string;
  area: string;
  name: Localized;
  value: number | null;
  unit: string;
  target: number | null;
  direction: "up" | "down";
  standing: Standing;
  previous: number | null;
  period: [from: string, to: string];
  coverage: number | null;
  /** Coverage below which it has no standing. */
  floor?: number;
  oldest_input: string | null;
  owner: string | null;
  /** Where an official figure comes from; null means the figure is illustrative. */
  source: string | null;
  origin: Origin;
  /** How many decimals it is worth; null where its size is to decide. */
  decimals?: number | null;
  /** The value of the same time a year earlier. */
  previous_year?: number | null;
  /** Of an official figure: its year, and the rank it gave the province. */
  year?: number | null;
  rank?: number | null;
  /** What there is to say about the figure. */
  note?: Localized | null;
  /** The words of a graded value, which is then an index into them. */
  levels?: Localized[];
}

/** An indicator with its past: seconds since 1970, value, coverage; oldest first. */
export interface IndicatorHistory extends Indicator {
  trend: [time: number, value: number | null, coverage: number][];
}

/** What an indicator is made of. */
export interface Lineage {
  formula: string;
  window: string;
  period: [from: string, to: string];
  source: string | null;
  owner: string | null;
  inputs: {
    thing: string;
    datastream: string;
    part: string;
    newest: string | null;
    value: number | null;
    count: number;
    total: number;
    contribution: number | null;
  }[];
}

export type IncidentState =
  | "received"
  | "verified"
  | "assigned"
  | "in-progress"
  | "done"
  | "closed";

export interface Step {
  at: string;
  by: string;
  step: string;
  note: string;
}

/** What people handle: gathers the alerts of one cause. */
export interface Incident {
  id: string;
  version: number;
  state: IncidentState;
  severity: Severity;
  area: string;
  origin: Origin;
  title?: Localized;
  received_at?: string;
  root: { alert: string; thing: string };
  alerts: string[];
  owner: string;
  due: string | null;
  late?: boolean;
  reason: string | null;
  /** The citizen's report it was made of. */
  record?: string | null;
  closed_at?: string | null;
  steps?: Step[];
}

export type TaskState = "assigned" | "accepted" | "done" | "returned" | "closed";

/** An instruction somebody is to carry out in time. */
export interface Task {
  id: string;
  version: number;
  incident: string | null;
  title: string;
  from: string;
  owner: string;
  area?: string;
  origin?: Origin;
  due: string | null;
  state: TaskState;
  late: boolean;
  steps?: Step[];
}

/** One step of a piece of business: a dossier, a citizen's report, a meeting. */
export interface BusinessRecord {
  id: string;
  type: string;
  at: string;
  state: string;
  area: string;
  agency: string | null;
  due: string | null;
  location: [lon: number, lat: number] | null;
  data: Record<string, unknown>;
  origin?: Origin;
}

export interface Area {
  id: string;
  code: string | null;
  name: Localized;
  level: string;
  parent: string | null;
  location: [lon: number, lat: number] | null;
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
  communes?: number | null;
  km2?: number | null;
  population?: number | null;
  population_source?: string | null;
}

/** One panel of a board's data file; further keys belong to the panel's type. */
export interface PanelConfig {
  id: string;
  type: string;
  x: number;
  y: number;
  w: number;
  h: number;
  title?: Localized;
  [key: string]: unknown;
}

export interface Board {
  id: string;
  title: Localized;
  columns?: number;
  rows?: number;
  /** Names of the screens that show it in turn, and for how many seconds. */
  screens?: string[];
  seconds?: number;
  panels: PanelConfig[];
}

export interface SiteClock {
  epoch: string;
  start: string;
  speed: number;
  paused: boolean;
  now: string;
}

export interface Site {
  id: string;
  name: Localized;
  origin: Origin;
  timezone: string;
  clock: SiteClock;
  locales: string[];
  tree?: { as_of: string; note: Localized };
  areas: Area[];
  boards: Board[];
  rules: { id: string; name: Localized; severity: Severity; kind: string; datastream: string }[];
  words: Record<string, string>;
  /** What depends on what, where a map can draw it: a river's way down, or a need. */
  links?: { from: string; to: string; as: "chain" | "need" }[];
}

export interface User {
  username: string;
  role: string;
  areas: string[];
  agency: string | null;
}

/** `"thing/datastream"` to its newest observation. */
export type Values = Record<string, Observation>;

export interface Snapshot {
  things?: Thing[];
  alerts?: Alert[];
  indicators?: Indicator[];
  incidents?: Incident[];
  tasks?: Task[];
  values?: Values;
}

export type ServerEvent =
  | { kind: "hello"; seq: number; now: string; site: string; build: string }
  | { kind: "snapshot"; seq: number; data: Snapshot }
  | { kind: "alert"; seq: number; at: string; data: Alert }
  | { kind: "indicator"; seq: number; at: string; data: Indicator }
  | { kind: "thing"; seq: number; at: string; data: Thing }
  | { kind: "values"; at: string; data: Values }
  | { kind: "tick"; now: string; seq: number; lag: number }
  | { kind: "incident"; seq: number; at: string; data: Incident }
  | { kind: "task"; seq: number; at: string; data: Task }
  | { kind: "record"; seq: number; at: string; data: BusinessRecord }
  | { kind: "drill"; seq: number; at: string; data: unknown };

const KINDS: ReadonlySet<string> = new Set([
  "hello",
  "snapshot",
  "alert",
  "indicator",
  "thing",
  "values",
  "tick",
  "incident",
  "task",
  "record",
  "drill",
]);

/**
 * Read one frame of the stream.
 *
 * @returns the event, or null for a frame of a kind this wall does not know (a newer server may
 *   send more; an old wall goes on living).
 * @throws SyntaxError where the frame is not JSON.
 */
export function readEvent(text: string): ServerEvent | null {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== "object" || frame === null || !("kind" in frame)) return null;
  return KINDS.has(String(frame.kind)) ? (frame as ServerEvent) : null;
}

/** The number of seconds since 1970 UTC of an RFC 3339 time; NaN where it is none. */
export function seconds(text: string | null | undefined): number {
  return text ? Date.parse(text) / 1000 : Number.NaN;
}
