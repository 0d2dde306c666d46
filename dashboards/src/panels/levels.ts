/** Values against the thing's own limits: a bar a thing, with a mark at each limit, such as a
 * river's BĐ I to III. The fullest first: which of them comes next to its limit is the question. */

import { html, nothing, type TemplateResult } from "lit";
import { decimals } from "../format";
import { qualityAt, type Topic } from "../model/model";
import type { Alert, Datastream, PanelConfig, Thing } from "../model/shapes";
import { otherOrigin, shortName, signMark, whenText, written } from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { number, text } from "./panel";
import { RowsPanel } from "./rows";

const ROW = 3.25;
/** The bar ends this much beyond the last limit. */
const BEYOND = 1.25;

interface Gauge {
  thing: Thing;
  datastream: Datastream;
  limits: [name: string, at: number][];
  full: number;
}

export class LevelsPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["things", "values", "alerts", "clock", "words"];
  kinds: readonly string[] = [];
  private kind = "";
  private datastream = "";
  private most = 200;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.kind = text(config, "kind");
    this.kinds = [this.kind];
    this.datastream = text(config, "datastream");
    this.most = number(config, "most", 200);
  }

  protected draw(view: View): TemplateResult {
    const { words, model } = view;
    const worst = model.worstAlerts().things;
    const gauges = model
      .thingsOf(this.kind)
      .map((thing) => this.gauge(thing))
      .filter((gauge) => gauge !== null)
      .sort((a, b) => b.full - a.full)
      .slice(0, this.most);
    if (gauges.length === 0) {
      const kind = words.kind(this.kind);
      return this.frame(
        view,
        html`<p class="note">${words.text("wall-status-none", { kind })}</p>`,
      );
    }
    const rows = this.fitting(gauges, ROW);
    const unit = words.unit(gauges[0]?.datastream.unit ?? "");
    return this.frame(
      view,
      html`<ul class="levels">
          ${rows.map((gauge) => this.row(view, gauge, worst.get(gauge.thing.id)))}
        </ul>
        ${this.more(view, gauges.length, rows.length)}`,
      { unit, aside: words.text("wall-map-sum", { n: gauges.length }) },
    );
  }

  private gauge(thing: Thing): Gauge | null {
    const datastream = thing.datastreams.find((one) => one.name === this.datastream);
    if (!datastream) return null;
    const limits = Object.entries(thing.limits ?? {}).sort((a, b) => a[1] - b[1]);
    const end = (limits.at(-1)?.[1] ?? Math.abs(datastream.last?.[1] ?? 1)) * BEYOND;
    const full = datastream.last && end > 0 ? datastream.last[1] / end : 0;
    return { thing, datastream, limits, full };
  }

  private row(view: View, gauge: Gauge, alert: Alert | undefined): TemplateResult {
    const { thing, datastream, limits } = gauge;
    const { words, format } = view;
    const quality = qualityAt(datastream, view.now);
    const value = datastream.last ? written(view, datastream, datastream.last[1]) : null;
    const end = (limits.at(-1)?.[1] ?? 1) * BEYOND;
    const share = (at: number) => `${Math.max(0, Math.min(100, (100 * at) / end)).toFixed(1)}%`;
    return html`<li>
      <button
        type="button"
        class="level"
        data-thing=${thing.id}
        data-datastream="${thing.id}/${datastream.name}"
        data-quality=${quality}
        data-severity=${alert?.severity ?? nothing}
        @click=${() => view.actions.open({ thing: thing.id })}
      >
        <span class="level-name"
          >${alert ? signMark(view, alert.severity) : nothing}${otherOrigin(view, thing.origin)}<span
            >${shortName(view, thing)}</span
          ></span
        >
        <span class="level-value"
          ><span class="number">${value?.text ?? "–"}</span>
          <span class="unit">${value?.unit ?? ""}</span>
          <span class="when">${whenText(view, datastream, quality)}</span></span
        >
        <span class="level-bar">
          <span class="level-fill" ${place({ width: share(datastream.last?.[1] ?? 0) })}></span>
          ${limits.map(
            ([name, at]) =>
              html`<span class="level-mark" ${place({ left: share(at) })}
                ><small
                  >${words.find(`wall-limit-${name}`) ?? words.find(`limit-${name}`) ?? name}
                  <span class="number">${format.number(at, decimals(at, datastream.unit))}</span></small
                ></span
              >`,
          )}
        </span>
      </button>
    </li>`;
  }
}

customElements.define("ioc-panel-levels", LevelsPanel);
