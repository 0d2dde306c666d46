/** Live lines: the stored past first, then each new value as it is judged. */

import { html, nothing, type TemplateResult } from "lit";
import uPlot from "uplot";
import { decimals } from "../format";
import { Line } from "../model/line";
import { datastreamOf, qualityAt, type Topic } from "../model/model";
import type { Datastream, PanelConfig, Thing } from "../model/shapes";
import { otherOrigin, shortName, whenText, written } from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { colour, SERIES, series, theme } from "../theme";
import { number, Panel, texts } from "./panel";

const POINTS = 300;
/** A past that could not be read, or that has aged, is read again after this many seconds. */
const AGAIN = 60;
const RENEW = 900;
/** A step of the moment shown beyond which values between are to be asked for, in seconds. */
const FAR = 3_000;
const PLAIN = "--text";
/** What a scale that begins at nought spans at the least, by unit: a shower is not drawn as a storm. */
const LEAST: Readonly<Record<string, number>> = { "mm/h": 10, mm: 20 };

/** A limit on the chart: its value, its colour's token, and where its stroke begins (share of the width). */
interface Limit {
  at: number;
  token: `--${string}`;
  from: number;
}

export class ChartPanel extends Panel {
  readonly reads: readonly Topic[] = ["values", "things", "clock", "words", "link", "look"];
  private keys: string[] = [];
  private span = 24 * 3600;
  private lines: Line[] = [];
  private plot: uPlot | null = null;
  private plotted = "";
  private askedAt = Number.NEGATIVE_INFINITY;
  /** The moment last drawn, and how often a wall of the past jumped to another. */
  private readAt = Number.NaN;
  private jumps = 0;
  private renewAfter = AGAIN;
  private asking = false;
  private wasLost = false;
  private failed = false;
  private drawnTo = 0;
  private dirty = false;
  private resize: ResizeObserver | null = null;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.keys = texts(config, "datastreams");
    if (this.keys.length > SERIES) {
      throw new Error(`panel ${config.id}: ${this.keys.length} lines, at most ${SERIES}`);
    }
    this.span = number(config, "hours", 24) * 3600;
    this.lines = this.keys.map(() => new Line(this.span, 0));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => {
      this.plotted = "";
      this.requestUpdate();
    });
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
    this.plot?.destroy();
    this.plot = null;
    this.plotted = "";
  }

  protected draw(view: View): TemplateResult {
    this.read(view);
    const units = new Set(
      this.keys.map((key) => datastreamOf(view.model, key)?.datastream.unit).filter((u) => u),
    );
    const unit = [...units].map((one) => view.words.unit(one as string)).join(", ");
    const note = this.empty() ? this.note(view) : "";
    return this.frame(
      view,
      html`<div class="chart">
        <div class="chart-plot" role="img" aria-label=${this.spoken(view)}></div>
        ${note ? html`<p class="note chart-note">${note}</p>` : nothing}
        <ul class="chart-lines" data-lines=${this.keys.length} data-roomy=${this.config.h > 3}>
          ${this.keys.map((key, index) => this.entry(view, key, index))}
        </ul>
      </div>`,
      { unit, aside: view.words.text("wall-last-hours", { n: Math.round(this.span / 3600) }) },
    );
  }

  private entry(view: View, key: string, index: number): TemplateResult {
    const found = datastreamOf(view.model, key);
    if (!found) {
      return html`<li class="chart-line" data-datastream=${key} data-quality="missing">
        <span class="chart-key" ${place({ background: `var(${series(index)})` })}></span>
        <span class="chart-name">${key}</span>
        <span class="chart-value">${view.words.text("wall-thing-unknown")}</span>
      </li>`;
    }
    const { thing, datastream } = found;
    const quality = qualityAt(datastream, view.now);
    const last = datastream.last;
    const value = last ? written(view, datastream, last[1]) : null;
    const limit = nextLimit(limitsOf(found), last?.[1]);
    return html`<li>
      <button
        type="button"
        class="chart-line"
        data-datastream=${key}
        data-thing=${thing.id}
        data-quality=${quality}
        @click=${() => view.actions.open({ thing: thing.id })}
      >
        <span class="chart-key" ${place({ background: `var(${series(index)})` })}></span>
        <span class="chart-name">${otherOrigin(view, thing.origin)} ${shortName(view, thing)}</span>
        <span class="chart-value"
          ><span class="number">${value?.text ?? "–"}</span>
          <span class="unit">${value?.unit ?? ""}</span>
          <span class="when">${whenText(view, datastream, quality)}</span>
          ${
            limit && quality === "good"
              ? html`<span class="chart-limit"
                  >${view.words.find(`wall-limit-${limit[0]}`) ?? limit[0]}
                  ${view.format.number(limit[1], decimals(limit[1], datastream.unit))}
                  ${view.words.unit(datastream.unit)}</span
                >`
              : nothing
          }</span
        >
      </button>
    </li>`;
  }

  protected override updated(): void {
    if (this.data) this.paint(this.data);
  }

  /** Every point it draws, for a file: a line alone has its least and greatest too. */
  exported(): (string | number | null)[][] {
    const [times, ...values] = this.table();
    const alone = this.keys.length === 1 ? [" min", " max"] : [];
    const heads = ["time", ...this.keys, ...alone.map((part) => `${this.keys[0]}${part}`)];
    const rows = [...(times ?? [])].map((at, place) => [
      new Date(at * 1000).toISOString(),
      ...values.map((line) => line[place] ?? null),
    ]);
    return [heads, ...rows];
  }

  /** Take the newest values, and see to the past. */
  private read(view: View): void {
    this.seeJump(view);
    for (const [index, key] of this.keys.entries()) {
      const line = this.lines[index];
      const found = datastreamOf(view.model, key);
      if (!line || !found) continue;
      line.setGap(Math.max(3 * (found.datastream.period ?? 0), (3 * this.span) / POINTS));
      const { last, quality } = found.datastream;
      if (last && quality !== "bad" && line.add(last[0], last[1])) this.dirty = true;
      line.trim(view.now);
    }
    const lost = view.model.link.phase !== "live" && view.model.link.phase !== "past";
    if (this.wasLost && !lost) this.askedAt = Number.NEGATIVE_INFINITY;
    this.wasLost = lost;
    const due = performance.now() / 1000 - this.askedAt > this.renewAfter;
    if (!this.asking && !lost && due && Number.isFinite(view.now)) {
      this.askedAt = performance.now() / 1000;
      this.asking = true;
      this.ask(view).finally(() => {
        this.asking = false;
        this.requestUpdate();
      });
    }
  }

  /** Begin anew where a wall of the past has gone back, or far ahead. */
  private seeJump(view: View): void {
    const by = view.now - this.readAt;
    this.readAt = view.now;
    if (view.model.link.phase !== "past" || !(by < 0 || by > FAR)) return;
    for (const line of this.lines) line.clear();
    this.jumps += 1;
    this.dirty = true;
    this.askedAt = Number.NEGATIVE_INFINITY;
  }

  private async ask(view: View): Promise<void> {
    const jumps = this.jumps;
    const answers = await Promise.allSettled(
      this.keys.map((key) => view.actions.history(key, view.now - this.span, view.now, POINTS)),
    );
    if (jumps !== this.jumps) return;
    this.failed = true;
    for (const [index, answer] of answers.entries()) {
      if (answer.status === "rejected") continue;
      this.failed = false;
      this.lines[index]?.setHistory(answer.value);
    }
    this.renewAfter = answers.some((answer) => answer.status === "rejected") ? AGAIN : RENEW;
    this.dirty = true;
  }

  private empty(): boolean {
    return this.lines.every((line) => line.times.length === 0);
  }

  private note(view: View): string {
    if (this.asking) return view.words.text("wall-reading");
    return view.words.text(this.failed ? "wall-unread" : "wall-chart-none");
  }

  /** What the picture says, for who cannot see it. */
  private spoken(view: View): string {
    return this.keys
      .map((key) => datastreamOf(view.model, key))
      .filter((found) => found !== null)
      .map(({ thing, datastream }) => {
        const value = datastream.last ? written(view, datastream, datastream.last[1]) : null;
        return `${view.words.name(thing.name, thing.id)}: ${value ? `${value.text} ${value.unit}` : "–"}`;
      })
      .join("; ");
  }

  private paint(view: View): void {
    const place = this.querySelector<HTMLElement>(".chart-plot");
    if (!place) return;
    const width = place.clientWidth;
    const height = place.clientHeight;
    if (width < 20 || height < 20) return;
    const shape = `${width}x${height}/${view.words.lang}/${theme()}/${JSON.stringify(this.limits(view))}`;
    // A pixel of time is the least step worth a stroke.
    const step = this.span / width;
    if (this.plot && this.plotted === shape) {
      if (!this.dirty && view.now - this.drawnTo < step) return;
      this.plot.setData(this.table(), true);
    } else {
      this.plot?.destroy();
      this.plot = new uPlot(this.options(view, width, height), this.table(), place);
      this.plotted = shape;
    }
    this.dirty = false;
    this.drawnTo = view.now;
  }

  private table(): uPlot.AlignedData {
    const single = this.lines.length === 1;
    return uPlot.join(
      this.lines.map(
        (line): uPlot.AlignedData =>
          single ? [line.times, line.means, line.mins, line.maxs] : [line.times, line.means],
      ),
    );
  }

  /** The limits drawn: all of a lone line's; of several lines each one's next, in its colour. */
  private limits(view: View): Limit[] {
    const own = this.config.limits;
    if (Array.isArray(own)) {
      return own
        .filter((one) => typeof one === "number")
        .map((at) => ({ at, token: PLAIN, from: 0 }));
    }
    const found = this.keys.map((key) => datastreamOf(view.model, key));
    if (found.length === 1) {
      const limits = found[0] ? limitsOf(found[0]) : {};
      return Object.values(limits).map((at) => ({ at, token: PLAIN, from: 0 }));
    }
    return found.flatMap((one, index) => {
      const next = one ? nextLimit(limitsOf(one), one.datastream.last?.[1]) : null;
      // A stroke at the right edge, beside the newest value: four whole lines would be a fence.
      return next ? [{ at: next[1], token: series(index), from: 0.86 }] : [];
    });
  }

  private options(view: View, width: number, height: number): uPlot.Options {
    const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const font = `${0.75 * root}px "Be Vietnam Pro", sans-serif`;
    const single = this.lines.length === 1;
    const limits = this.limits(view);
    const ratio = window.devicePixelRatio || 1;
    const main: uPlot.Series[] = this.keys.map((_, index) => ({
      stroke: colour(series(index)),
      width: 0.125 * root,
      // A line of one or two points is no line yet: show the points themselves.
      points: {
        show: (plot, at) => (plot.data[at] ?? []).filter((one) => one !== null).length < 4,
        size: 0.5 * root,
        fill: colour(series(index)),
      },
      dash: index > 3 ? [0.4 * root, 0.25 * root] : undefined,
    }));
    const faint: uPlot.Series = { stroke: "transparent", points: { show: false } };
    return {
      width,
      height,
      padding: [0.5 * root, 0.75 * root, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      series: [{}, ...main, ...(single ? [faint, faint] : [])],
      bands: single ? [{ series: [3, 2], fill: colour(series(0), "33") }] : undefined,
      scales: {
        x: { time: true, range: () => this.range() },
        y: {
          range: (_, least, most) =>
            stretch(
              least,
              most,
              limits.map((limit) => limit.at),
              this.unit(),
            ),
        },
      },
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), view.format.zone),
      axes: [
        {
          stroke: colour("--muted"),
          font,
          size: 1.5 * root,
          gap: 0.25 * root,
          space: 3.4 * root,
          grid: { stroke: colour("--grid"), width: 1 },
          ticks: { show: false },
          values: (_, times) => times.map((time) => view.format.axis(time)),
        },
        {
          stroke: colour("--muted"),
          font,
          size: (_, values) =>
            (0.9 + 0.47 * Math.max(2, ...(values ?? []).map((value) => value.length))) * root,
          gap: 0.35 * root,
          space: 1.9 * root,
          grid: { stroke: colour("--grid"), width: 1 },
          ticks: { show: false },
          values: (_, marks) => {
            const places = Math.min(3, Math.max(0, ...marks.map((mark) => placesOf(mark))));
            return marks.map((mark) => view.format.number(mark, places));
          },
        },
      ],
      hooks: {
        draw: [
          (plot) => {
            const pen = plot.ctx;
            pen.save();
            pen.lineWidth = 0.09 * root * ratio;
            pen.setLineDash([0.5 * root * ratio, 0.35 * root * ratio]);
            for (const limit of limits) {
              const y = plot.valToPos(limit.at, "y", true);
              if (y < plot.bbox.top || y > plot.bbox.top + plot.bbox.height) continue;
              pen.strokeStyle = colour(limit.token);
              pen.beginPath();
              pen.moveTo(plot.bbox.left + limit.from * plot.bbox.width, y);
              pen.lineTo(plot.bbox.left + plot.bbox.width, y);
              pen.stroke();
            }
            pen.restore();
          },
        ],
      },
    };
  }

  /** The unit of its first line, once that is known. */
  private unit(): string {
    const found = this.data && datastreamOf(this.data.model, this.keys[0] ?? "");
    return found?.datastream.unit ?? "";
  }

  private range(): [number, number] {
    const now = this.data?.now ?? 0;
    return [now - this.span, now];
  }
}

/** The limits are of the thing; only of its first datastream may they be meant. */
function limitsOf({
  thing,
  datastream,
}: {
  thing: Thing;
  datastream: Datastream;
}): Record<string, number> {
  return thing.datastreams[0] === datastream ? (thing.limits ?? {}) : {};
}

/** The first limit a value has not passed yet, or the last one where it has passed all. */
function nextLimit(
  limits: Record<string, number> | undefined,
  value: number | undefined,
): [name: string, limit: number] | null {
  const rising = Object.entries(limits ?? {}).sort((a, b) => a[1] - b[1]);
  if (value === undefined) return rising[0] ?? null;
  return rising.find(([, limit]) => limit > value) ?? rising.at(-1) ?? null;
}

/** Give the values room, and the limits where they are near enough not to flatten the line. */
function stretch(
  least: number | null,
  most: number | null,
  limits: readonly number[],
  unit: string,
): [number, number] {
  let low = least ?? 0;
  let high = most ?? 1;
  // A quiet day is a line at the bottom of a scale people know, not a scale of nothings.
  const span = LEAST[unit];
  if (span !== undefined && low >= 0) [low, high] = [0, Math.max(high, span)];
  else if (low === 0 && high === 0) high = 1;
  const wide = Math.max(high - low, Math.abs(high) * 0.02, 1e-6);
  for (const limit of limits) {
    if (limit > high && limit - high < 2 * wide) high = limit;
    if (limit < low && low - limit < 2 * wide) low = limit;
  }
  const room = Math.max((high - low) * 0.08, wide * 0.1);
  const floor = low >= 0 && low - room < 0 ? 0 : low - room;
  return [floor, Math.max(high + room, floor + 1e-6)];
}

function placesOf(mark: number): number {
  const text = String(Number(mark.toPrecision(10)));
  return text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
}

customElements.define("ioc-panel-chart", ChartPanel);
