/** What lies behind a place on the board: an area, a thing or an alert, beside the board. */

import { html, nothing, type TemplateResult } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import type { App } from "./app";
import { clean, given } from "./format";
import { datastreamOf, isOpen, qualityAt, type Topic, urgentAlerts } from "./model/model";
import { type Alert, type Area, type Datastream, seconds, type Thing } from "./model/shapes";
import { ChartPanel } from "./panels/chart";
import { Drawn } from "./panels/panel";
import {
  ageText,
  alertMark,
  areaName,
  glyph,
  originBadge,
  pastMark,
  thingName,
  valueMark,
  whenText,
  written,
} from "./pieces";
import type { Subject, View } from "./store";

const READ_AGAIN = 5_000;
const MOST_ALERTS = 8;

export class Detail extends Drawn {
  static override properties = {
    data: { attribute: false },
    subject: { attribute: false },
    chosen: { state: true },
  };
  static readonly reads: readonly Topic[] = [
    "things",
    "values",
    "alerts",
    "site",
    "clock",
    "words",
    "user",
  ];
  declare data: View | null;
  declare subject: Subject | null;
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
    const { title, kicker, body } = this.content(view, subject);
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

  private content(view: View, subject: Subject): { title: string; kicker: unknown; body: unknown } {
    if ("area" in subject) {
      const area = view.model.site?.areas.find((one) => one.id === subject.area);
      return {
        title: areaName(view, subject.area),
        kicker: view.words.text("wall-area"),
        body: this.area(view, subject.area, area),
      };
    }
    if ("thing" in subject) {
      const thing = view.model.things.get(subject.thing);
      return {
        title: thingName(view, subject.thing),
        kicker: thing ? html`${view.words.kind(thing.kind)} · ${areaName(view, thing.area)}` : "",
        body: thing
          ? this.thing(view, thing)
          : html`<p class="note">${view.words.text("wall-thing-unknown")}</p>`,
      };
    }
    const alert =
      view.model.alerts.get(subject.alert) ?? view.model.closed.get(subject.alert) ?? null;
    return {
      title: alert
        ? view.words.name(alert.message, alert.rule)
        : view.words.text("wall-alert-gone"),
      kicker: alert
        ? html`${view.words.text(`wall-severity-${alert.severity}`)} · ${areaName(view, alert.area)}`
        : "",
      body: alert
        ? this.alert(view, alert)
        : html`<p class="note">${view.words.text("wall-alert-gone-note")}</p>`,
    };
  }

  private area(view: View, id: string, area: Area | undefined): TemplateResult {
    const { words, format, model } = view;
    const things = [...model.things.values()].filter((thing) => thing.area === id);
    const byKind = Map.groupBy(things, (thing) => thing.kind);
    return html`${
      area
        ? html`<dl class="facts">
            ${fact(words.text("wall-communes"), area.communes ? format.number(area.communes) : null)}
            ${fact(words.text("wall-surface"), area.km2 ? `${format.number(area.km2, 1)} km²` : null)}
            ${fact(
              words.text("wall-population"),
              area.population
                ? `${format.number(area.population)} (${area.population_source ?? words.text("wall-illustrative")})`
                : null,
            )}
          </dl>`
        : nothing
    }
    ${this.alerts(view, (alert) => alert.area === id)}
    <h3>${words.text("wall-things-here", { n: things.length })}</h3>
    ${things.length === 0 ? html`<p class="note">${words.text("wall-things-none")}</p>` : nothing}
    ${[...byKind].map(
      ([kind, some]) =>
        html`<h4>${words.kind(kind)}</h4>
          <ul class="detail-things">
            ${some.map((thing) => {
              const datastream = thing.datastreams[0];
              return html`<li>
                <button
                  type="button"
                  data-thing=${thing.id}
                  @click=${() => view.actions.open({ thing: thing.id })}
                >
                  <span
                    >${words.name(thing.name, thing.id)}${
                      datastream
                        ? html`<small>${words.datastream(datastream.name, datastream.label)}</small>`
                        : nothing
                    }</span
                  >
                  ${datastream ? valueMark(view, thing, datastream) : nothing}
                </button>
              </li>`;
            })}
          </ul>`,
    )}`;
  }

  private thing(view: View, thing: Thing): TemplateResult {
    const { words, format } = view;
    const shown =
      thing.datastreams.find((one) => one.name === this.chosen) ?? thing.datastreams[0] ?? null;
    return html`<p class="detail-state">
        ${
          thing.described
            ? originBadge(view, thing.origin)
            : html`<span class="origin" data-origin="unknown">${words.text("wall-undescribed")}</span>`
        }
        <span data-status=${thing.status}>${words.text(`wall-thing-${thing.status}`)}</span>
        <code>${thing.id}</code>
      </p>
      ${this.alerts(view, (alert) => alert.thing === thing.id)}
      <ul class="detail-values" data-thing=${thing.id}>
        ${thing.datastreams.map((datastream) => this.value(view, thing, datastream, shown))}
      </ul>
      ${
        Object.keys(thing.limits ?? {}).length
          ? html`<h3>${words.text("wall-limits")}</h3>
              <dl class="facts">
                ${Object.entries(thing.limits ?? {}).map(([name, limit]) =>
                  fact(words.find(`limit-${name}`) ?? name, format.number(limit, 2)),
                )}
              </dl>`
          : nothing
      }
      ${this.behind(view, thing)}
      ${shown ? html`<section class="panel detail-chart">${this.chartOf(thing, shown)}</section>` : nothing}`;
  }

  /** What a gateway speaks for: it has no datastreams of its own. */
  private behind(view: View, gateway: Thing): unknown {
    const things = [...view.model.things.values()].filter(({ via }) => via === gateway.id);
    if (things.length === 0) return nothing;
    const byKind = Map.groupBy(things, (thing) => thing.kind);
    return html`<h3>${view.words.text("wall-gateway", { n: things.length })}</h3>
      <dl class="facts">
        ${[...byKind].map(([kind, some]) =>
          fact(
            view.words.kind(kind),
            view.words.text("wall-gateway-share", {
              n: some.filter(({ status }) => status === "online").length,
              all: some.length,
            }),
          ),
        )}
      </dl>`;
  }

  private value(
    view: View,
    thing: Thing,
    datastream: Datastream,
    shown: Datastream | null,
  ): TemplateResult {
    const quality = qualityAt(datastream, view.now);
    const value = datastream.last ? written(view, datastream, datastream.last[1]) : null;
    return html`<li>
      <button
        type="button"
        class="detail-value"
        aria-pressed=${datastream === shown}
        data-datastream="${thing.id}/${datastream.name}"
        data-quality=${quality}
        @click=${() => {
          this.chosen = datastream.name;
        }}
      >
        <span class="detail-name">${view.words.datastream(datastream.name, datastream.label)}</span>
        <span class="number">${value?.text ?? "–"}</span>
        <span class="unit">${value?.unit ?? ""}</span>
        <span class="when">${whenText(view, datastream, quality)}</span>
      </button>
    </li>`;
  }

  private chartOf(thing: Thing, datastream: Datastream): unknown {
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

  private alert(view: View, alert: Alert): TemplateResult {
    const { words, format } = view;
    const at = (text: string | null) => (text ? format.time(seconds(text), view.now) : null);
    const shown = datastreamOf(view.model, `${alert.thing}/${alert.datastream}`);
    const amount = (value: number | null) => {
      // An alert about a thing itself is about no value.
      if (value === null || !alert.datastream) return null;
      if (!shown) return `${format.number(value, given(value))} ${words.unit(alert.unit)}`;
      const { text, unit } = written(view, shown.datastream, value);
      return `${text} ${unit}`;
    };
    const waiting = alert.state === "unacknowledged" || alert.state === "returned";
    return html`<p class="detail-state" data-alert=${alert.id}>
        ${isOpen(alert) ? alertMark(view, alert) : pastMark(view, alert.severity)}
        <strong>${words.text(`wall-severity-${alert.severity}`)}</strong>
        <span>${words.text(`wall-alert-${alert.state}`)}</span>
        ${originBadge(view, alert.origin)}
      </p>
      <dl class="facts">
        ${fact(words.text("wall-alert-since"), `${at(alert.raised_at)} (${ageText(view, seconds(alert.raised_at))})`)}
        ${fact(words.text("wall-alert-cleared"), at(alert.cleared_at))}
        ${fact(words.text("wall-alert-value"), amount(alert.value))}
        ${fact(words.text("wall-alert-limit"), amount(alert.limit))}
      </dl>
      <h3>${words.text("wall-alert-response")}</h3>
      <p class="response">${words.name(alert.response, "–")}</p>
      <p class="detail-actions">
        ${
          waiting
            ? html`<button
                type="button"
                class="acknowledge"
                @click=${() => view.actions.acknowledge(alert)}
              >
                ${words.text("wall-acknowledge")} <kbd>A</kbd>
              </button>`
            : nothing
        }
        <button
          type="button"
          data-thing=${alert.thing}
          @click=${() => view.actions.open({ thing: alert.thing })}
        >
          ${thingName(view, alert.thing)}
        </button>
      </p>
      ${shown ? html`<section class="panel detail-chart">${this.chartOf(shown.thing, shown.datastream)}</section>` : nothing}
      <h3>${words.text("wall-alert-steps")}</h3>
      <ol class="steps">
        ${alert.steps.map(
          (step) =>
            html`<li>
              <span class="when">${at(step.at)}</span>
              <span>${words.find(`wall-step-${step.step}`) ?? clean(step.step)}</span>
              <span class="by">${words.find(`wall-by-${step.by}`) ?? clean(step.by)}</span>
              ${step.note ? html`<q>${clean(step.note)}</q>` : nothing}
            </li>`,
        )}
      </ol>`;
  }

  private alerts(view: View, wanted: (alert: Alert) => boolean): unknown {
    const alerts = urgentAlerts(view.model).filter(wanted);
    if (alerts.length === 0) return nothing;
    return html`<ul class="detail-alerts">
      ${alerts.slice(0, MOST_ALERTS).map(
        (alert) =>
          html`<li>
            <button
              type="button"
              data-alert=${alert.id}
              data-severity=${alert.severity}
              @click=${() => view.actions.open({ alert: alert.id })}
            >
              ${alertMark(view, alert)}
              <span>${view.words.name(alert.message, alert.rule)}</span>
              <span class="when">${view.format.time(seconds(alert.raised_at), view.now)}</span>
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private readAgain(): void {
    const subject = this.subject;
    if (subject && "thing" in subject) void this.app?.readThing(subject.thing);
  }
}

function fact(name: string, value: string | null): unknown {
  return value === null ? nothing : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

customElements.define("ioc-detail", Detail);
