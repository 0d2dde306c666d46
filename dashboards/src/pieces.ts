/** Small pieces several panels draw: signs, values with their time and quality, badges. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { age, decimals, distinct } from "./format";
import { isUnacknowledged, qualityAt } from "./model/model";
import type { Alert, Datastream, Origin, Quality, Thing } from "./model/shapes";
import { sign } from "./signs";
import type { View } from "./store";

/** A severity's shape with its figure. Its word stands beside it or in its label. */
export function signMark(view: View, severity: number, blink = false): TemplateResult {
  const { path, middle } = sign(severity);
  const label = view.words.text(`wall-severity-${severity}`);
  return html`<svg
    class=${classMap({ sign: true, blink })}
    viewBox="0 0 24 24"
    role="img"
    aria-label=${label}
    data-severity=${severity}
  >
    <path d=${path}></path>
    <text x="12" y=${middle} dy="0.36em" text-anchor="middle">${severity}</text>
  </svg>`;
}

/** The same shape and figure without colour or fill, for what is over. */
export function pastMark(view: View, severity: number): TemplateResult {
  const { path, middle } = sign(severity);
  return html`<svg
    class="sign past-sign"
    viewBox="0 0 24 24"
    role="img"
    aria-label=${view.words.text(`wall-severity-${severity}`)}
  >
    <path d=${path}></path>
    <text x="12" y=${middle} dy="0.36em" text-anchor="middle">${severity}</text>
  </svg>`;
}

export function alertMark(view: View, alert: Alert): TemplateResult {
  return signMark(view, alert.severity, isUnacknowledged(alert));
}

/** "5 phút", in the wall's words. */
export function ageText(view: View, time: number): string {
  const { id, n } = age(view.now - time);
  return view.words.text(id, { n });
}

/** The badge of what does not come from where the site's own data do; nothing for what does. */
export function otherOrigin(view: View, origin: Origin | "unknown" | undefined): unknown {
  if (!origin || origin === view.model.site?.origin) return nothing;
  return originBadge(view, origin);
}

/** Where data come from, always in words: `MÔ PHỎNG`. */
export function originBadge(view: View, origin: Origin | "unknown"): TemplateResult {
  return html`<span class="origin" data-origin=${origin}
    >${view.words.text(`wall-origin-${origin}`)}</span
  >`;
}

/** A value as text and its unit; a category's level as its word. */
export function written(
  view: View,
  datastream: Datastream,
  value: number,
): { text: string; unit: string } {
  if (datastream.levels?.length) {
    const level = datastream.levels[Math.round(value)];
    return { text: level ? view.words.level(level) : String(value), unit: "" };
  }
  const places = decimals(value, datastream.unit, datastream.resolution);
  return { text: view.format.number(value, places), unit: view.words.unit(datastream.unit) };
}

/** How bad a category's value is: 0 best, 1 worst; null for what is no category. */
export function badness(datastream: Datastream): number | null {
  const levels = datastream.levels;
  if (!levels || levels.length < 2 || !datastream.last) return null;
  return 1 - datastream.last[1] / (levels.length - 1);
}

/** The newest value with its unit, its time and what may be believed of it. */
export function valueMark(view: View, thing: Thing, datastream: Datastream): TemplateResult {
  const quality = qualityAt(datastream, view.now);
  return html`<span
    class="value"
    data-quality=${quality}
    data-datastream="${thing.id}/${datastream.name}"
    >${
      datastream.last
        ? html`<span class="number">${written(view, datastream, datastream.last[1]).text}</span>
            <span class="unit">${written(view, datastream, datastream.last[1]).unit}</span>`
        : html`<span class="number">–</span>`
    }
    <span class="when">${whenText(view, datastream, quality)}</span></span
  >`;
}

/** "14:20" while live; "cũ 2 giờ" when stale; the doubt in words where there is one. */
export function whenText(view: View, datastream: Datastream, quality: Quality): string {
  if (!datastream.last) return view.words.text("wall-quality-missing");
  const time = datastream.last[0];
  if (quality === "stale") return view.words.text("wall-stale", { age: ageText(view, time) });
  const clock = view.format.time(time, view.now);
  return quality === "good" ? clock : `${clock} · ${view.words.text(`wall-quality-${quality}`)}`;
}

/** The name of a thing. */
export function thingName(view: View, id: string): string {
  const thing = view.model.things.get(id);
  return view.words.name(thing?.name, id);
}

/** What a thing's datastream is called. */
export function streamName(view: View, thing: string, name: string): string {
  const known = view.model.things.get(thing);
  const label = known?.datastreams.find((one) => one.name === name)?.label;
  return view.words.datastream(name, label, known?.kind);
}

/**
 * The name without its kind, for where a heading says what it is: "Trạm mưa Mường Ảng" is Mường
 * Ảng among rain gauges. Only a name that stands by itself, a capital first, is left alone so.
 */
export function shortName(view: View, thing: Thing): string {
  const name = view.words.name(thing.name, thing.id);
  const kind = view.words.kind(thing.kind).toLocaleLowerCase(view.words.locale);
  const low = name.toLocaleLowerCase(view.words.locale);
  let rest = name;
  if (low.startsWith(`${kind} `)) rest = name.slice(kind.length + 1);
  else if (low.endsWith(` ${kind}`)) rest = name.slice(0, -kind.length - 1);
  if (/^\p{Lu}/u.test(rest)) return rest;
  return UNITS.test(rest)
    ? rest.charAt(0).toLocaleUpperCase(view.words.locale) + rest.slice(1)
    : name;
}

/** A place may be named by its unit: "phường Mường Thanh" is a name as it stands. */
const UNITS = /^(phường|xã|thị trấn|huyện|thị xã|thành phố) \p{Lu}/u;

/** The name of an area; the whole site for what has none. */
export function areaName(view: View, id: string): string {
  const site = view.model.site;
  const area = site?.areas.find((one) => one.id === id);
  if (!area && (id === "province" || id === "")) return view.words.name(site?.name, id);
  return view.words.name(area?.name, id);
}

/** The name of an area without the word most of its neighbours share, for the rows of a table. */
export function areaShort(view: View, id: string): string {
  const site = view.model.site;
  const area = site?.areas.find((one) => one.id === id);
  if (!area || area.level === "province") return areaName(view, id);
  const beside = site?.areas.filter(({ parent }) => parent === area.parent) ?? [];
  const names = beside.map((one) => view.words.name(one.name, one.id));
  return distinct(names)[beside.indexOf(area)] ?? areaName(view, id);
}

/** A drawn tick, arrow or mark, by name: never a letter of whatever font is at hand. */
export function glyph(name: keyof typeof GLYPHS): TemplateResult {
  return html`<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
    ${svg`<path d=${GLYPHS[name]}></path>`}
  </svg>`;
}

const GLYPHS = {
  check: "M4 12.5l5.5 5.5L20 6.5",
  down: "M12 4v15M5 13l7 7l7-7",
  up: "M12 20V5M5 11l7-7l7 7",
  level: "M3 12h18",
  question: "M8 8.5a4 4 0 1 1 5.6 3.7c-1.1.5-1.6 1.1-1.6 2.6M12 19.2v.3",
  half: "M12 3L21.5 20h-19zM12 10v4.5M12 17v.4",
  off: "M4 4l16 16M20 4L4 20",
  close: "M5 5l14 14M19 5L5 19",
} as const;

/** What stands where there is nothing to show: a sentence, never an empty tile. */
export function emptyNote(sentence: string): TemplateResult {
  return html`<p class="note">${sentence}</p>`;
}
