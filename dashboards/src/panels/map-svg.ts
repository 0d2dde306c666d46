/** The map as SVG: needs nothing but a browser, and shows what the drawn map shows. */

import { nothing, svg, type TemplateResult } from "lit";
import { sign } from "../signs";
import type { View } from "../store";
import {
  BUBBLE,
  brief,
  LABEL_RISE,
  type MapContent,
  type MapIncident,
  type MapReport,
  type MapThing,
  type Point,
  separate,
} from "./map-content";

/** Puts places on a sheet, undistorted in its middle. */
export function projection(
  bounds: [number, number, number, number],
  width: number,
  height: number,
  margin: number,
): (at: Point) => Point {
  const [west, south, east, north] = bounds;
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(
    (width - 2 * margin) / Math.max((east - west) * squeeze, 1e-6),
    (height - 2 * margin) / Math.max(north - south, 1e-6),
  );
  const left = (width - (east - west) * squeeze * scale) / 2;
  const top = (height - (north - south) * scale) / 2;
  return ([lon, lat]) => [left + (lon - west) * squeeze * scale, top + (north - lat) * scale];
}

/**
 * Draw the map.
 *
 * @param root - pixels of one root unit, so that signs and words grow with the wall.
 */
export function drawSvg(
  view: View,
  content: MapContent,
  width: number,
  height: number,
  root: number,
): TemplateResult | typeof nothing {
  if (!content.bounds || width < 10 || height < 10) return nothing;
  const place = projection(content.bounds, width, height, 1.5 * root);
  const areas = content.areas.toSorted((a, b) => b.severity - a.severity);
  const labels = areas.map((area) => {
    const [x, y] = place(area.centre);
    const sign = area.severity ? 1.8 * root : 0;
    return {
      x,
      y: y - LABEL_RISE * root,
      text: area.value
        ? `${area.short} ${area.value}`
        : area.count > 1
          ? `${area.short} (${area.count})`
          : area.short,
      width: (area.short.length + (area.count > 1 ? 4 : 0)) * 0.52 * root + sign + 0.6 * root,
      height: 1.3 * root,
      sign,
    };
  });
  const moved = separate(labels);
  return svg`<svg class="map-svg" viewBox="0 0 ${width} ${height}" role="group">
    <g>
      ${content.areas.map((area) => {
        const path = area.polygons
          .flat()
          .map(
            (ring) =>
              `M${ring
                .map((at) =>
                  place(at)
                    .map((n) => n.toFixed(1))
                    .join(","),
                )
                .join("L")}Z`,
          )
          .join("");
        const deep =
          area.shade === null ? nothing : area.shade > 0.66 ? 3 : area.shade > 0.33 ? 2 : 1;
        return svg`<path class="map-area" data-area=${area.id} data-severity=${area.severity} data-deep=${deep} d=${path}
          tabindex="0" role="button" aria-label=${area.name}
          @click=${() => view.actions.open({ area: area.id })}
          @keydown=${(event: KeyboardEvent) => event.key === "Enter" && view.actions.open({ area: area.id })}></path>`;
      })}
    </g>
    <g>
      ${content.lines.map((line) => {
        const [x1, y1] = place(line.from);
        const [x2, y2] = place(line.to);
        return svg`<line class="map-line" data-as=${line.as} data-severity=${line.severity}
          x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>`;
      })}
    </g>
    <g>${content.things.map((thing) => drawThing(view, thing, place(thing.at), root, width))}</g>
    <g>${content.incidents.map((incident) => drawIncident(view, incident, place(incident.at), root))}</g>
    <g>${content.reports.map((report) => drawReport(view, report, place(report.at), root))}</g>
    <g>
      ${areas.map((area, index) => {
        const label = labels[index];
        const down = moved[index];
        if (!label || down === null || down === undefined) return nothing;
        const y = label.y + down;
        return svg`<g class="map-label" data-severity=${area.severity} transform="translate(${label.x} ${y})">
          ${area.severity ? drawSign(area.severity, 0.9 * root - label.width / 2, 0, 1.5 * root, area.waiting) : nothing}
          <text text-anchor="middle" x=${label.sign / 2} dy="0.35em">${label.text}</text>
        </g>`;
      })}
    </g>
  </svg>`;
}

function drawReport(view: View, report: MapReport, [x, y]: Point, root: number): TemplateResult {
  const scale = (0.75 * root) / 24;
  return svg`<g class="map-report" data-record=${report.id} data-late=${report.late}
      transform="translate(${x - 0.375 * root} ${y - 0.69 * root}) scale(${scale})"
      @click=${() => view.actions.open({ record: report.id })}><path d=${BUBBLE}></path></g>`;
}

function drawIncident(
  view: View,
  incident: MapIncident,
  [x, y]: Point,
  root: number,
): TemplateResult {
  return svg`<g class="map-thing" data-incident=${incident.id}
      @click=${() => view.actions.open({ incident: incident.id })}>
    <title>${incident.title}</title>
    ${drawSign(incident.severity, x, y, 1.25 * root, false)}
    <circle class="incident" cx=${x} cy=${y} r=${0.95 * root}></circle>
  </g>`;
}

function drawThing(
  view: View,
  thing: MapThing,
  [x, y]: Point,
  root: number,
  width: number,
): TemplateResult {
  const name = brief(thing.name);
  const side = x + (1.1 + 0.5 * name.length) * root < width ? 1 : -1;
  const severity = Number(thing.mark);
  return svg`<g class="map-thing" data-thing=${thing.id} data-mark=${thing.mark}
      @click=${() => view.actions.open({ thing: thing.id })}>
    <title>${thing.name}</title>
    ${
      severity > 0
        ? drawSign(severity, x, y, 1.25 * root, false)
        : svg`<circle cx=${x} cy=${y} r=${0.28 * root}></circle>`
    }
    ${thing.incident ? svg`<circle class="incident" cx=${x} cy=${y} r=${0.95 * root}></circle>` : nothing}
    ${
      thing.notable
        ? svg`<circle class="halo" cx=${x} cy=${y} r=${0.75 * root}></circle>
          ${thing.named ? svg`<text x=${x + side * 1.1 * root} y=${y} dy="0.35em" text-anchor=${side > 0 ? "start" : "end"}>${name}</text>` : nothing}`
        : nothing
    }
  </g>`;
}

function drawSign(
  severity: number,
  x: number,
  y: number,
  size: number,
  blink: boolean,
): TemplateResult {
  const { path, middle } = sign(severity);
  const scale = size / 24;
  return svg`<g class=${blink ? "sign blink" : "sign"} data-severity=${severity}
      transform="translate(${x - size / 2} ${y - size / 2}) scale(${scale})">
    <path d=${path}></path>
    <text x="12" y=${middle} dy="0.36em" text-anchor="middle">${severity}</text>
  </g>`;
}
