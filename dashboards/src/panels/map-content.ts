/** What the map shows, whatever draws it: areas by their worst open alert, things by how they are. */

import { ANSWERED } from "../detail/record";
import { distinct, given } from "../format";
import { newestThings, newestTime, openIncidents, qualityAt } from "../model/model";
import { type Area, type BusinessRecord, seconds, type Thing } from "../model/shapes";
import type { View } from "../store";
import { incidentTitle } from "./cases";

/** So many new things are named on the map, and listed beside it. */
export const MOST_NAMED = 4;

export type Point = [lon: number, lat: number];

/** How a thing is drawn: a severity's sign, or one of the quiet marks. */
export type Mark = "1" | "2" | "3" | "4" | "5" | "plain" | "stale" | "off";

/** The mark of a report, in a square of 24: a bubble whose tip is the place. */
export const BUBBLE = "M4 3h16v13h-5l-3 6l-3-6h-5z";

/** An area's name stands this much above its centre, in root units: there its things crowd. */
export const LABEL_RISE = 1.4;

/** A new thing's name on the map; beside the map it stands whole. */
export function brief(name: string): string {
  const letters = [...name];
  return letters.length > 28 ? `${letters.slice(0, 27).join("")}…` : name;
}

export interface MapArea {
  id: string;
  name: string;
  /** The name without the word most of the areas share, for the map's own label. */
  short: string;
  polygons: Point[][][];
  centre: Point;
  severity: number;
  count: number;
  waiting: boolean;
  /** How far it stands from the best of the chosen indicator, 0 to 1; null where none is chosen. */
  shade: number | null;
  /** Its value of the chosen indicator, written. */
  value: string;
}

/** A river's way from gauge to gauge, or what a thing depends on. */
export interface MapLine {
  from: Point;
  to: Point;
  as: "chain" | "need";
  /** The worst alert at its upper end: what runs along it is in danger. */
  severity: number;
}

export interface MapThing {
  id: string;
  name: string;
  at: Point;
  mark: Mark;
  /** Made while the wall was looking, by hand, or not described: it is ringed on the map. */
  notable: boolean;
  /** One of the newest few: it is named on the map. */
  named: boolean;
  /** An open incident has its root here. */
  incident: boolean;
}

/** A citizen's report where it was made. */
export interface MapReport {
  id: string;
  at: Point;
  /** Its time is over and it is not answered. */
  late: boolean;
}

/** An open incident without a thing at its root that could be shown: it stands on its area. */
export interface MapIncident {
  id: string;
  title: string;
  at: Point;
  severity: number;
}

/** What a map is asked to show beside areas by their alerts and things. */
export interface Layers {
  /** Shades the areas by how they stand by it; null: by their worst alert. */
  indicator: string | null;
  /** Whether what depends on what is drawn; a river's way always is. */
  needs: boolean;
  /** Citizens' reports to draw, those with a place and not answered; null where none are asked for. */
  reports: readonly BusinessRecord[] | null;
}

const PLAIN: Layers = { indicator: null, needs: true, reports: null };

export interface MapContent {
  areas: MapArea[];
  things: MapThing[];
  lines: MapLine[];
  reports: MapReport[];
  incidents: MapIncident[];
  /** West, south, east, north of everything drawn; null where nothing has a place. */
  bounds: [number, number, number, number] | null;
}

export function mapContent(view: View, layers: Layers = PLAIN): MapContent {
  const worst = view.model.worstAlerts();
  const shades = shadesOf(view, layers.indicator);
  const areas: MapArea[] = [];
  for (const area of view.model.site?.areas ?? []) {
    const polygons = polygonsOf(area);
    const centre = area.location ?? middle(polygons);
    if (area.level === "province" || area.parent === null || !centre) continue;
    const alerts = worst.areas.get(area.id);
    areas.push({
      id: area.id,
      name: view.words.name(area.name, area.id),
      short: "",
      polygons,
      centre,
      severity: alerts?.severity ?? 0,
      count: alerts?.count ?? 0,
      waiting: alerts?.unacknowledged ?? false,
      shade: shades.get(area.id)?.shade ?? null,
      value: shades.get(area.id)?.value ?? "",
    });
  }
  const short = distinct(areas.map((area) => area.name));
  for (const [index, area] of areas.entries()) area.short = short[index] ?? area.name;
  const things: MapThing[] = [];
  const roots = new Set([...view.model.incidents.values()].map(({ root }) => root.thing));
  const newest = new Set(newestThings(view.model, MOST_NAMED).map((thing) => thing.id));
  for (const thing of view.model.things.values()) {
    if (!thing.location) continue;
    const alert = worst.things.get(thing.id);
    things.push({
      id: thing.id,
      name: view.words.name(thing.name, thing.id),
      at: thing.location,
      mark: alert ? (String(alert.severity) as Mark) : quietMark(view, thing),
      notable:
        view.model.appeared.has(thing.id) ||
        !thing.described ||
        thing.origin !== view.model.site?.origin,
      named: newest.has(thing.id),
      incident: roots.has(thing.id),
    });
  }
  const reports = reportsOf(view, layers.reports ?? []);
  // The worst last, so that they lie on top; among reports the things without fault are left out.
  const drawn = reports.length > 0 ? things.filter((one) => !isCalm(one)) : things;
  drawn.sort((a, b) => rank(a.mark) - rank(b.mark));
  return {
    areas,
    things: drawn,
    lines: linesOf(view, worst.things).filter((line) => layers.needs || line.as === "chain"),
    reports,
    incidents: incidentsOf(view, areas),
    bounds: boundsOf(areas, things),
  };
}

function incidentsOf(view: View, areas: readonly MapArea[]): MapIncident[] {
  const centres = new Map(areas.map(({ id, centre }) => [id, centre]));
  return openIncidents(view.model)
    .toReversed()
    .flatMap((incident) => {
      const at = centres.get(incident.area);
      if (!at || view.model.things.get(incident.root.thing)?.location) return [];
      const { id, severity } = incident;
      return [{ id, title: incidentTitle(view, incident), at, severity }];
    });
}

function isCalm(thing: MapThing): boolean {
  return thing.mark === "plain" && !thing.notable && !thing.incident;
}

/** The reports somebody still owes an answer to, the late ones last, so that they lie on top. */
function reportsOf(view: View, records: readonly BusinessRecord[]): MapReport[] {
  return records
    .flatMap(({ id, location, state, due }) =>
      location && !ANSWERED.has(state) ? [{ id, at: location, late: seconds(due) < view.now }] : [],
    )
    .sort((a, b) => Number(a.late) - Number(b.late));
}

/** The indicators that have a value in several areas: a map can be shaded by any of them. */
export function shadable(view: View): { id: string; name: string }[] {
  const areas = new Map<string, number>();
  const names = new Map<string, string>();
  for (const one of view.model.indicators.values()) {
    if (one.area === "province" || one.value === null) continue;
    areas.set(one.id, (areas.get(one.id) ?? 0) + 1);
    names.set(one.id, view.words.name(one.name, one.id));
  }
  return [...names]
    .filter(([id]) => (areas.get(id) ?? 0) > 2)
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name, view.words.lang));
}

function linesOf(view: View, worst: ReadonlyMap<string, { severity: number }>): MapLine[] {
  const lines: MapLine[] = [];
  for (const { from, to, as } of view.model.site?.links ?? []) {
    const start = view.model.things.get(from)?.location;
    const end = view.model.things.get(to)?.location;
    if (start && end) {
      lines.push({ from: start, to: end, as, severity: worst.get(from)?.severity ?? 0 });
    }
  }
  return lines;
}

/** How each area stands by an indicator: the worst is 1, the best 0. */
function shadesOf(view: View, indicator: string | null) {
  const found = new Map<string, { shade: number; value: string }>();
  if (!indicator) return found;
  const values: [area: string, value: number, up: boolean][] = [];
  for (const area of view.model.site?.areas ?? []) {
    const one = view.model.indicators.get(`${indicator}/${area.id}`);
    if (area.level !== "province" && one && one.value !== null) {
      values.push([area.id, one.value, one.direction === "up"]);
    }
  }
  const low = Math.min(...values.map(([, value]) => value));
  const high = Math.max(...values.map(([, value]) => value));
  const places = Math.min(1, given(...values.map(([, value]) => value)));
  for (const [area, value, up] of values) {
    const share = high > low ? (value - low) / (high - low) : 0;
    found.set(area, { shade: up ? 1 - share : share, value: view.format.number(value, places) });
  }
  return found;
}

function quietMark(view: View, thing: Thing): Mark {
  if (thing.status !== "online") return "off";
  // A gateway says whether it is there, and nothing else.
  if (thing.described && thing.datastreams.length === 0) return "plain";
  const newest = newestTime(thing);
  const fresh = thing.datastreams.some((one) => {
    const quality = qualityAt(one, view.now);
    return quality !== "stale" && quality !== "missing";
  });
  return fresh && Number.isFinite(newest) ? "plain" : "stale";
}

function rank(mark: Mark): number {
  return mark === "plain" ? 0 : mark === "stale" ? 0.3 : mark === "off" ? 0.6 : Number(mark);
}

function polygonsOf(area: Area): Point[][][] {
  if (!area.geometry) return [];
  return (
    area.geometry.type === "Polygon" ? [area.geometry.coordinates] : area.geometry.coordinates
  ) as Point[][][];
}

function middle(polygons: Point[][][]): Point | null {
  const points = polygons.flatMap((rings) => rings[0] ?? []);
  if (points.length === 0) return null;
  const sum = points.reduce<Point>((all, at) => [all[0] + at[0], all[1] + at[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function boundsOf(areas: MapArea[], things: MapThing[]): [number, number, number, number] | null {
  let points = areas.flatMap((area) => [
    area.centre,
    ...area.polygons.flatMap((rings) => rings[0] ?? []),
  ]);
  if (points.length === 0) points = things.map((thing) => thing.at);
  if (points.length === 0) return null;
  const lons = points.map((at) => at[0]);
  const lats = points.map((at) => at[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Move labels up or down until none lies on another; the first ones stay where they are best.
 *
 * @param boxes - centres and sizes in pixels, the most important first.
 * @returns how far down each goes; null for one that finds no room and is better left out.
 */
export function separate(boxes: readonly Box[]): (number | null)[] {
  const placed: Box[] = [];
  return boxes.map((box) => {
    const step = box.height * 0.5;
    const tries = [0, -1, 1, -2, 2, -3, 3].map((n) => n * step);
    const free = tries.find(
      (dy) => !placed.some((other) => overlap({ ...box, y: box.y + dy }, other)),
    );
    if (free === undefined) return null;
    placed.push({ ...box, y: box.y + free });
    return free;
  });
}

function overlap(a: Box, b: Box): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2
  );
}
