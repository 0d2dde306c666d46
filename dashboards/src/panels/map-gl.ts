/** The map on WebGL, by MapLibre: local shapes only, no tiles, no glyph files, no other origin. */

import { type GeoJSONSource, Marker, Map as MlMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { SIGNS } from "../signs";
import type { Subject } from "../store";
import { colour } from "../theme";
import {
  BUBBLE,
  brief,
  LABEL_RISE,
  type MapArea,
  type MapContent,
  type MapLine,
  type MapThing,
  type Point,
  separate,
} from "./map-content";

setWorkerUrl(workerUrl);

const FONT = "Be Vietnam Pro";
/** The mark of a thing that nothing is to be said of. */
const PLAIN = "plain";
const LOST = "webglcontextlost";
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export interface Label {
  element: HTMLElement;
  update(area: MapArea): void;
}

/** A drawn map that follows a content. */
export class GlMap {
  private readonly map: MlMap;
  private readonly labels = new Map<string, { marker: Marker; label: Label }>();
  private told = { areas: "", things: "", lines: "", reports: "", incidents: "", bounds: "" };
  private content: MapContent | null = null;
  private loaded = false;
  private moved = false;

  /**
   * @param root - pixels of one root unit.
   * @param makeLabel - makes the element that names an area.
   * @param onLost - the graphics card took the map away: it is to be removed and made anew.
   * @throws Error where the browser has no WebGL 2.
   */
  constructor(
    private readonly container: HTMLElement,
    private readonly root: number,
    private readonly open: (subject: Subject) => void,
    private readonly makeLabel: (area: MapArea) => Label,
    onReady: () => void,
    onFailed: (error: unknown) => void,
    private readonly onLost: () => void,
  ) {
    container.addEventListener(LOST, this.lose, true);
    this.map = new MlMap({
      container,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      fadeDuration: 0,
      renderWorldCopies: false,
      style: {
        version: 8,
        sources: {
          areas: { type: "geojson", data: EMPTY },
          things: { type: "geojson", data: EMPTY },
          lines: { type: "geojson", data: EMPTY },
          reports: { type: "geojson", data: EMPTY },
          incidents: { type: "geojson", data: EMPTY },
        },
        layers: [
          {
            id: "areas",
            type: "fill",
            source: "areas",
            paint: { "fill-color": ["get", "colour"], "fill-opacity": ["get", "opacity"] },
          },
          {
            id: "borders",
            type: "line",
            source: "areas",
            layout: { "line-join": "round", "line-sort-key": ["get", "severity"] },
            paint: {
              "line-color": ["get", "border"],
              "line-width": ["case", [">", ["get", "severity"], 0], 0.14 * root, 0.07 * root],
            },
          },
          {
            id: "lines",
            type: "line",
            source: "lines",
            layout: { "line-cap": "round" },
            paint: {
              "line-color": ["get", "colour"],
              "line-width": ["get", "width"],
              "line-opacity": ["get", "opacity"],
            },
          },
          {
            // Most things, most days: no symbols, which MapLibre would match with one another.
            id: "dots",
            type: "circle",
            source: "things",
            filter: ["==", ["get", "image"], PLAIN],
            paint: {
              "circle-radius": 0.225 * root,
              "circle-color": colour("--mark"),
              "circle-stroke-width": 0.1 * root,
              "circle-stroke-color": colour("--ground"),
            },
          },
          {
            id: "things",
            type: "symbol",
            source: "things",
            filter: ["!=", ["get", "image"], PLAIN],
            layout: {
              "icon-image": ["get", "image"],
              "icon-allow-overlap": true,
              "icon-ignore-placement": true,
              "symbol-z-order": "source",
            },
          },
          ...(["incidents", "reports"] as const).map((source) => ({
            id: source,
            type: "symbol" as const,
            source,
            layout: {
              "icon-image": ["get", "image"] as ["get", string],
              "icon-allow-overlap": true,
              "icon-ignore-placement": true,
              "symbol-z-order": "source" as const,
            },
          })),
        ],
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disable();
    const drawn = this.map.getCanvas();
    drawn.setAttribute("tabindex", "-1");
    this.map.on("load", () => {
      try {
        this.loaded = true;
        this.addImages();
        if (this.content) this.show(this.content);
        onReady();
      } catch (error) {
        onFailed(error);
      }
    });
    this.map.on("dragstart", () => {
      this.moved = true;
    });
    this.map.on("wheel", () => {
      this.moved = true;
    });
    this.map.on("resize", () => this.fit());
    this.map.on("moveend", () => this.settle());
    this.map.on("click", (event) => {
      const near = 0.5 * this.root;
      const { x, y } = event.point;
      const thing = this.map.queryRenderedFeatures(
        [
          [x - near, y - near],
          [x + near, y + near],
        ],
        { layers: ["reports", "incidents", "things", "dots"] },
      )[0];
      const feature =
        thing ?? this.map.queryRenderedFeatures(event.point, { layers: ["areas"] })[0];
      const id = feature?.properties.id;
      if (typeof id !== "string") return;
      if (!thing) this.open({ area: id });
      else if (thing.layer.id === "reports") this.open({ record: id });
      else this.open(thing.layer.id === "incidents" ? { incident: id } : { thing: id });
    });
    this.map.on("mousemove", (event) => {
      const over = this.map.queryRenderedFeatures(event.point, {
        layers: ["reports", "incidents", "things", "dots", "areas"],
      });
      drawn.classList.toggle("pointing", over.length > 0);
    });
  }

  show(content: MapContent): void {
    this.content = content;
    if (!this.loaded) return;
    const areas = content.areas.map(areaFeature);
    const things = content.things.map(
      (thing): GeoJSON.Feature => ({
        type: "Feature",
        properties: {
          id: thing.id,
          image: `${thing.mark}${thing.incident ? "!" : thing.notable ? "+" : ""}`,
        },
        geometry: { type: "Point", coordinates: thing.at },
      }),
    );
    this.tell("areas", areas);
    this.tell(
      "lines",
      content.lines.map((line) => lineFeature(line, this.root)),
    );
    this.tell("things", things);
    this.tell(
      "reports",
      content.reports.map(
        (report): GeoJSON.Feature => ({
          type: "Feature",
          properties: { id: report.id, image: report.late ? "report-late" : "report" },
          geometry: { type: "Point", coordinates: report.at },
        }),
      ),
    );
    this.tell(
      "incidents",
      content.incidents.map(
        ({ id, severity, at }): GeoJSON.Feature => ({
          type: "Feature",
          properties: { id, image: `${severity}!` },
          geometry: { type: "Point", coordinates: at },
        }),
      ),
    );
    const bounds = String(content.bounds);
    if (bounds !== this.told.bounds) {
      this.told.bounds = bounds;
      this.moved = false;
      this.fit();
    }
    const wanted = new Set<string>();
    for (const area of content.areas) {
      wanted.add(`area/${area.id}`);
      this.put(`area/${area.id}`, area.centre, () => this.makeLabel(area)).update(area);
    }
    for (const thing of content.things.filter((one) => one.named)) {
      wanted.add(`thing/${thing.id}`);
      this.put(`thing/${thing.id}`, thing.at, () => nameOf(thing));
    }
    for (const [id, { marker }] of this.labels) {
      if (wanted.has(id)) continue;
      marker.remove();
      this.labels.delete(id);
    }
    this.settle();
  }

  private put(id: string, at: Point, make: () => Label): Label {
    const known = this.labels.get(id);
    if (known) return known.label;
    const label = make();
    const marker = new Marker({ element: label.element, anchor: "center" })
      .setLngLat(at)
      .addTo(this.map);
    this.labels.set(id, { marker, label });
    return label;
  }

  remove(): void {
    this.container.removeEventListener(LOST, this.lose, true);
    this.map.remove();
  }

  /** Draw now: a canvas of WebGL can be read in the same task only. */
  drawNow(): void {
    this.map.redraw();
  }

  // MapLibre's own recovery (6.17) leaves the old style known to a global list, and with it the map,
  // its canvas and the board around it, for good. So it is not told: the panel makes another map.
  private readonly lose = (event: Event): void => {
    event.stopImmediatePropagation();
    this.onLost();
  };

  /** Keep the names off one another, the worst in the best place. */
  private settle(): void {
    const { areas, things } = this.content ?? { areas: [], things: [] };
    const rise = LABEL_RISE * this.root;
    const names = [
      ...areas
        .toSorted((a, b) => b.severity - a.severity)
        .map((area) => ({ id: `area/${area.id}`, at: area.centre, beside: false })),
      ...things
        .filter((thing) => thing.named)
        .map((thing) => ({ id: `thing/${thing.id}`, at: thing.at, beside: true })),
    ];
    const boxes = names.map(({ id, at, beside }) => {
      const { x, y } = this.map.project(at);
      const element = this.labels.get(id)?.label.element;
      const width = (element?.offsetWidth ?? 0) + 0.3 * this.root;
      const sheet = this.map.getContainer().clientWidth;
      const side = x + this.root + width < sheet ? 1 : -1;
      return {
        x: beside
          ? x + side * (0.9 * this.root + width / 2)
          : Math.max(width / 2, Math.min(x, sheet - width / 2)),
        y: beside ? y : y - rise,
        width,
        height: (element?.offsetHeight ?? 0) + 0.1 * this.root,
        from: { x, y },
      };
    });
    for (const [index, dy] of separate(boxes).entries()) {
      const name = names[index];
      const box = boxes[index];
      if (!name || !box) continue;
      this.labels.get(name.id)?.label.element.classList.toggle("no-room", dy === null);
      if (dy === null) continue;
      const offset: [number, number] = [box.x - box.from.x, box.y - box.from.y + dy];
      this.labels.get(name.id)?.marker.setOffset(offset);
    }
  }

  private tell(
    source: "areas" | "things" | "lines" | "reports" | "incidents",
    features: GeoJSON.Feature[],
  ): void {
    // Drawing costs; most ticks change nothing a map shows.
    const text = JSON.stringify(features);
    if (text === this.told[source]) return;
    this.told[source] = text;
    const held = this.map.getSource<GeoJSONSource>(source);
    held?.setData({ type: "FeatureCollection", features });
  }

  private fit(): void {
    if (!this.content?.bounds || this.moved) return;
    const [west, south, east, north] = this.content.bounds;
    this.map.fitBounds([west, south, east, north], { padding: 1.25 * this.root, animate: false });
  }

  private addImages(): void {
    const ratio = (window.devicePixelRatio || 1) * 2;
    for (const late of [false, true]) {
      this.addImage(late ? "report-late" : "report", "", ratio, (pen, size) =>
        bubble(pen, size, late),
      );
    }
    for (const ring of ["", "+", "!"] as const) {
      for (const one of SIGNS) {
        this.addImage(`${one.severity}`, ring, ratio, (pen, size) => {
          pen.save();
          pen.scale(size / 24, size / 24);
          pen.fillStyle = colour(`--severity-${one.severity}`);
          pen.strokeStyle = colour("--figure");
          pen.lineWidth = 1.5;
          const path = new Path2D(one.path);
          pen.fill(path);
          pen.stroke(path);
          pen.fillStyle = colour("--figure");
          pen.font = `700 13px "${FONT}"`;
          pen.textAlign = "center";
          pen.textBaseline = "middle";
          pen.fillText(String(one.severity), 12, one.middle + 0.8);
          pen.restore();
        });
      }
      for (const mark of ["plain", "stale", "off"]) {
        this.addImage(mark, ring, ratio, (pen, size) => quiet(pen, size, mark));
      }
    }
  }

  private addImage(
    name: string,
    ring: "" | "+" | "!",
    ratio: number,
    draw: (pen: CanvasRenderingContext2D, size: number) => void,
  ): void {
    const rem = this.root * ratio;
    const field = Math.ceil(2 * rem);
    const canvas = document.createElement("canvas");
    canvas.width = field;
    canvas.height = field;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("the browser gives no canvas to draw the map's signs on");
    const size = 1.25 * rem;
    pen.translate((field - size) / 2, (field - size) / 2);
    draw(pen, size);
    if (ring) {
      pen.strokeStyle = colour("--text");
      // The root of an incident has a strong ring, what is merely new a fine one.
      pen.lineWidth = (ring === "!" ? 0.18 : 0.09) * rem;
      pen.beginPath();
      pen.arc(size / 2, size / 2, 0.82 * rem, 0, 2 * Math.PI);
      pen.stroke();
    }
    this.map.addImage(`${name}${ring}`, pen.getImageData(0, 0, field, field), {
      pixelRatio: ratio,
    });
  }
}

/** The name of a new thing, beside its place; beside the map it is a button. */
function nameOf(thing: MapThing): Label {
  const element = document.createElement("div");
  element.className = "map-new";
  element.textContent = brief(thing.name);
  return { element, update: () => {} };
}

/** A chain is water; a need is a hair, and takes its colour from what is wrong at its upper end. */
function lineFeature(line: MapLine, root: number): GeoJSON.Feature {
  const chain = line.as === "chain";
  return {
    type: "Feature",
    properties: {
      colour: line.severity
        ? colour(`--ink-${line.severity}`)
        : colour(chain ? "--series-1" : "--border"),
      width: (chain ? 0.19 : 0.07) * root,
      opacity: chain || line.severity ? 0.9 : 0.55,
    },
    geometry: { type: "LineString", coordinates: [line.from, line.to] },
  };
}

function areaFeature(area: MapArea): GeoJSON.Feature {
  return {
    type: "Feature",
    properties: {
      id: area.id,
      severity: area.severity,
      colour:
        area.shade !== null
          ? colour("--heat")
          : area.severity
            ? colour(`--severity-${area.severity}`)
            : colour("--area"),
      border: area.severity ? colour(`--ink-${area.severity}`) : colour("--border"),
      opacity: area.shade !== null ? 0.15 + 0.55 * area.shade : area.severity ? 0.26 : 0.85,
    },
    geometry: { type: "MultiPolygon", coordinates: area.polygons },
  };
}

/** A citizen's report: hollow while it has time, filled once it is late. */
function bubble(pen: CanvasRenderingContext2D, size: number, late: boolean): void {
  const path = new Path2D(BUBBLE);
  pen.save();
  pen.translate(0.2 * size, 0.25 * size);
  pen.scale((0.6 * size) / 24, (0.6 * size) / 24);
  pen.fillStyle = colour(late ? "--text" : "--ground");
  pen.strokeStyle = colour(late ? "--ground" : "--text");
  pen.lineWidth = 2;
  pen.fill(path);
  pen.stroke(path);
  pen.restore();
}

/** A thing without an alert: a calm dot; hollow when its data are old; crossed when it is off. */
function quiet(pen: CanvasRenderingContext2D, size: number, mark: string): void {
  const middle = size / 2;
  const radius = size * 0.22;
  pen.lineWidth = size * 0.08;
  pen.strokeStyle = colour(mark === "plain" ? "--ground" : "--text");
  pen.fillStyle = colour(mark === "plain" ? "--mark" : "--ground");
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  pen.fill();
  if (mark === "stale") pen.setLineDash([size * 0.1, size * 0.08]);
  pen.stroke();
  pen.setLineDash([]);
  if (mark !== "off") return;
  pen.beginPath();
  pen.moveTo(middle - radius, middle + radius);
  pen.lineTo(middle + radius, middle - radius);
  pen.stroke();
}
