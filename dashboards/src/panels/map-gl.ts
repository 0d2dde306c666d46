/** The map on WebGL, by MapLibre: local shapes only, no tiles, no glyph files, no other origin. */

import { type GeoJSONSource, Marker, Map as MlMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { SIGNS } from "../signs";
import type { Subject } from "../store";
import { LABEL_RISE, type MapArea, type MapContent, separate } from "./map-content";

setWorkerUrl(workerUrl);

const FONT = "Be Vietnam Pro";
/** A new thing's name on the map; beside the map it stands whole. */
const MOST_LETTERS = 32;
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export interface Label {
  element: HTMLElement;
  update(area: MapArea): void;
}

/** A drawn map that follows a content. */
export class GlMap {
  private readonly map: MlMap;
  private readonly labels = new Map<string, { marker: Marker; label: Label }>();
  private told = { areas: "", things: "", bounds: "" };
  private content: MapContent | null = null;
  private loaded = false;
  private moved = false;

  /**
   * @param root - pixels of one root unit.
   * @param makeLabel - makes the element that names an area.
   * @throws Error where the browser has no WebGL 2.
   */
  constructor(
    container: HTMLElement,
    private readonly root: number,
    private readonly open: (subject: Subject) => void,
    private readonly makeLabel: (area: MapArea) => Label,
    onReady: () => void,
  ) {
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
            id: "things",
            type: "symbol",
            source: "things",
            layout: {
              "icon-image": ["get", "image"],
              "icon-allow-overlap": true,
              "icon-ignore-placement": true,
              "symbol-z-order": "source",
              "text-field": ["get", "label"],
              "text-font": [`${FONT} Bold`],
              "text-size": 0.8125 * root,
              "text-anchor": "left",
              "text-offset": [1.1, 0],
              "text-optional": true,
            },
            paint: { "text-color": "#DBE7F3", "text-halo-color": "#0B1622", "text-halo-width": 2 },
          },
        ],
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disable();
    const drawn = this.map.getCanvas();
    drawn.setAttribute("tabindex", "-1");
    this.map.on("load", () => {
      this.loaded = true;
      this.addImages();
      if (this.content) this.show(this.content);
      onReady();
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
        { layers: ["things"] },
      )[0];
      const feature =
        thing ?? this.map.queryRenderedFeatures(event.point, { layers: ["areas"] })[0];
      const id = feature?.properties.id;
      if (typeof id === "string") this.open(thing ? { thing: id } : { area: id });
    });
    this.map.on("mousemove", (event) => {
      const over = this.map.queryRenderedFeatures(event.point, { layers: ["things", "areas"] });
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
          image: thing.notable ? `${thing.mark}+` : thing.mark,
          label: thing.notable ? brief(thing.name) : "",
        },
        geometry: { type: "Point", coordinates: thing.at },
      }),
    );
    this.tell("areas", areas);
    this.tell("things", things);
    const bounds = String(content.bounds);
    if (bounds !== this.told.bounds) {
      this.told.bounds = bounds;
      this.moved = false;
      this.fit();
    }
    for (const area of content.areas) {
      const known = this.labels.get(area.id);
      if (known) {
        known.label.update(area);
        continue;
      }
      const label = this.makeLabel(area);
      const marker = new Marker({ element: label.element, anchor: "center" })
        .setLngLat(area.centre)
        .addTo(this.map);
      this.labels.set(area.id, { marker, label });
    }
    this.settle();
    for (const [id, { marker }] of this.labels) {
      if (content.areas.some((area) => area.id === id)) continue;
      marker.remove();
      this.labels.delete(id);
    }
  }

  remove(): void {
    this.map.remove();
  }

  /** Keep the names of areas off one another, the worst in the best place. */
  private settle(): void {
    const areas = (this.content?.areas ?? []).toSorted((a, b) => b.severity - a.severity);
    const rise = LABEL_RISE * this.root;
    const boxes = areas.map((area) => {
      const { x, y } = this.map.project(area.centre);
      const element = this.labels.get(area.id)?.label.element;
      return {
        x,
        y: y - rise,
        width: (element?.offsetWidth ?? 0) + 0.3 * this.root,
        height: (element?.offsetHeight ?? 0) + 0.1 * this.root,
      };
    });
    for (const [index, dy] of separate(boxes).entries()) {
      const area = areas[index];
      if (area) this.labels.get(area.id)?.marker.setOffset([0, dy - rise]);
    }
  }

  private tell(source: "areas" | "things", features: GeoJSON.Feature[]): void {
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
    for (const notable of [false, true]) {
      for (const one of SIGNS) {
        this.addImage(`${one.severity}`, notable, ratio, (pen, size) => {
          pen.save();
          pen.scale(size / 24, size / 24);
          pen.fillStyle = one.colour;
          pen.strokeStyle = "#0B1622";
          pen.lineWidth = 1.5;
          const path = new Path2D(one.path);
          pen.fill(path);
          pen.stroke(path);
          pen.fillStyle = "#0B1622";
          pen.font = `700 13px "${FONT}"`;
          pen.textAlign = "center";
          pen.textBaseline = "middle";
          pen.fillText(String(one.severity), 12, one.middle + 0.8);
          pen.restore();
        });
      }
      for (const mark of ["plain", "stale", "off"]) {
        this.addImage(mark, notable, ratio, (pen, size) => quiet(pen, size, mark));
      }
    }
  }

  private addImage(
    name: string,
    notable: boolean,
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
    if (notable) {
      pen.strokeStyle = "#DBE7F3";
      pen.lineWidth = 0.09 * rem;
      pen.beginPath();
      pen.arc(size / 2, size / 2, 0.82 * rem, 0, 2 * Math.PI);
      pen.stroke();
    }
    this.map.addImage(notable ? `${name}+` : name, pen.getImageData(0, 0, field, field), {
      pixelRatio: ratio,
    });
  }
}

function brief(name: string): string {
  const letters = [...name];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join("")}…` : name;
}

function areaFeature(area: MapArea): GeoJSON.Feature {
  const colour = SIGNS[area.severity - 1]?.colour;
  return {
    type: "Feature",
    properties: {
      id: area.id,
      severity: area.severity,
      colour: colour ?? "#1B2C3E",
      border: colour ?? "#3A5068",
      opacity: colour ? 0.26 : 0.85,
    },
    geometry: { type: "MultiPolygon", coordinates: area.polygons },
  };
}

/** A thing without an alert: a calm dot; hollow when its data are old; crossed when it is off. */
function quiet(pen: CanvasRenderingContext2D, size: number, mark: string): void {
  const middle = size / 2;
  const radius = size * 0.22;
  pen.lineWidth = size * 0.08;
  pen.strokeStyle = mark === "plain" ? "#0B1622" : "#C9D6E3";
  pen.fillStyle = mark === "plain" ? "#8CA3BA" : "#0B1622";
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
