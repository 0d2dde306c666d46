/** What lies behind a place on the board, beside the board: see the files around this one. */

import { html, nothing, type TemplateResult } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import type { App } from "../app";
import type { Topic } from "../model/model";
import type { Datastream, Thing } from "../model/shapes";
import { ChartPanel } from "../panels/chart";
import { Drawn } from "../panels/panel";
import { glyph } from "../pieces";
import type { Subject, View } from "../store";
import { alertDetail } from "./alert";
import { areaDetail } from "./area";
import type { Content, Host } from "./content";
import { incidentDetail } from "./incident";
import { indicatorDetail } from "./indicator";
import { recordDetail } from "./record";
import { taskDetail } from "./task";
import { thingDetail } from "./thing";

const READ_AGAIN = 5_000;

export class Detail extends Drawn implements Host {
  static override properties = {
    data: { attribute: false },
    subject: { attribute: false },
    chosen: { state: true },
  };
  static readonly reads: readonly Topic[] = [
    "things",
    "values",
    "alerts",
    "indicators",
    "incidents",
    "tasks",
    "records",
    "answers",
    "site",
    "clock",
    "words",
    "user",
  ];
  declare data: View | null;
  declare subject: Subject | null;
  /** The datastream a person chose to see the chart of. */
  declare chosen: string | null;
  app: App | null = null;
  onClose: () => void = () => {};
  private timer: ReturnType<typeof setInterval> | null = null;
  private chart: ChartPanel | null = null;
  private charted = "";
  private readonly closer = createRef<HTMLButtonElement>();

  constructor() {
    super();
    this.data = null;
    this.subject = null;
    this.chosen = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => this.readAgain(), READ_AGAIN);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.timer) clearInterval(this.timer);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("subject")) return;
    this.chosen = null;
    this.chart = null;
    this.charted = "";
    this.hidden = this.subject === null;
    this.readAgain();
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    const subject = this.subject;
    if (!view || !subject) return nothing;
    const { title, kicker, body } = contentOf(view, subject, this);
    return html`<section class="detail" role="dialog" aria-label=${title}>
      <div class="detail-head">
        <div>
          <p class="kicker">${kicker}</p>
          <h2>${title}</h2>
        </div>
        <button
          type="button"
          class="detail-close"
          aria-label=${view.words.text("wall-close")}
          ${ref(this.closer)}
          @click=${() => this.onClose()}
        >
          ${glyph("close")}
        </button>
      </div>
      <div class="detail-body">${body}</div>
    </section>`;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("subject") && this.subject) this.closer.value?.focus({ preventScroll: true });
    if (this.chart && this.data) this.chart.data = this.data;
  }

  choose(datastream: string): void {
    this.chosen = datastream;
  }

  chartOf(thing: Thing, datastream: Datastream): unknown {
    const key = `${thing.id}/${datastream.name}`;
    if (this.charted !== key || !this.chart) {
      this.charted = key;
      this.chart = new ChartPanel();
      this.chart.setConfig({
        id: "detail",
        type: "chart",
        x: 0,
        y: 0,
        w: 1,
        h: 1,
        datastreams: [key],
        hours: 24,
        title: datastream.label ?? this.named(datastream.name),
      });
    }
    return this.chart;
  }

  private named(name: string): Record<string, string> {
    const words = this.data?.words;
    return words ? { [words.lang]: words.datastream(name) } : {};
  }

  private readAgain(): void {
    const subject = this.subject;
    if (subject && "thing" in subject) void this.app?.readThing(subject.thing);
  }
}

function contentOf(view: View, subject: Subject, host: Host): Content {
  if ("area" in subject && !("indicator" in subject)) return areaDetail(view, subject.area);
  if ("indicator" in subject) return indicatorDetail(view, subject.indicator, subject.area);
  if ("thing" in subject) return thingDetail(view, subject.thing, host);
  if ("task" in subject) return taskDetail(view, subject.task);
  if ("record" in subject) return recordDetail(view, subject.record);
  if ("incident" in subject) return incidentDetail(view, subject.incident);
  return alertDetail(view, subject.alert, host);
}

customElements.define("ioc-detail", Detail);
