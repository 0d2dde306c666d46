/** For leaders: what happened since yesterday at this time, in five numbers and the worst of it. */

import { html, type TemplateResult } from "lit";
import type { Topic } from "../model/model";
import { isOpen } from "../model/model";
import { type Alert, type PanelConfig, seconds } from "../model/shapes";
import { areaName, pastMark, signMark } from "../pieces";
import type { View } from "../store";
import { RowsPanel } from "./rows";

const ROW = 2.75;
const COUNTS = 4;
const RENEW = 30;
const PARTS = ["raised", "cleared", "open", "assigned", "late"] as const;

interface Review {
  since: string;
  until: string;
  raised: Alert[];
  cleared: Alert[];
  open: Alert[];
  counts: Record<(typeof PARTS)[number], number>;
}

export class ReviewPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["answers", "clock", "words", "site", "user"];

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
  }

  protected draw(view: View): TemplateResult {
    const { words, format } = view;
    const { body, problem } = view.actions.ask<Review>("/review", RENEW);
    if (problem && (problem.status === 401 || problem.status === 403)) {
      return this.frame(view, html`<p class="note">${words.text("wall-needs-login")}</p>`);
    }
    if (!body) {
      const said = problem ? "wall-chart-failed" : "wall-chart-loading";
      return this.frame(view, html`<p class="note">${words.text(said)}</p>`);
    }
    const alerts = [...body.open, ...body.raised, ...body.cleared].filter(
      (one, index, all) =>
        typeof one.severity === "number" && all.findIndex(({ id }) => id === one.id) === index,
    );
    alerts.sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.severity - a.severity);
    const rows = this.fitting(alerts, ROW, COUNTS);
    return this.frame(
      view,
      html`<ul class="review-counts">
          ${PARTS.map(
            (part) =>
              html`<li>
                <span class="number">${format.number(body.counts[part] ?? 0)}</span>
                <span class="unit">${words.text(`wall-review-${part}`)}</span>
              </li>`,
          )}
        </ul>
        <ul class="review-alerts">
          ${rows.map((alert) => this.row(view, alert))}
        </ul>
        ${this.more(view, alerts.length, rows.length)}`,
      {
        aside: words.text("wall-review-since", {
          time: format.time(seconds(body.since), view.now),
        }),
        at: seconds(body.until),
      },
    );
  }

  private row(view: View, alert: Alert): TemplateResult {
    return html`<li>
      <button
        type="button"
        class="past-alert"
        data-closed-alert=${alert.id}
        @click=${() => view.actions.open({ alert: alert.id })}
      >
        ${isOpen(alert) ? signMark(view, alert.severity) : pastMark(view, alert.severity)}
        <span class="past-text"
          ><span class="past-message">${view.words.name(alert.message, alert.rule)}</span
          ><span class="past-place"
            ><span class="number">${view.format.time(seconds(alert.raised_at), view.now)}</span> ·
            ${areaName(view, alert.area)} · ${view.words.text(`wall-alert-${alert.state}`)}</span
          ></span
        >
      </button>
    </li>`;
  }
}

customElements.define("ioc-panel-review", ReviewPanel);
