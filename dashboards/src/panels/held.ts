/** What is kept from people for a time: shelved alerts, suppressed ones, and what is out of service. */

import { html, nothing, type TemplateResult } from "lit";
import { deedButton } from "../console/bar";
import type { Window } from "../console/deeds";
import { standOf } from "../console/filter";
import { may } from "../console/roles";
import { clean } from "../format";
import type { Topic } from "../model/model";
import { type Alert, seconds } from "../model/shapes";
import { areaName, signMark, thingName } from "../pieces";
import type { View } from "../store";
import { Panel } from "./panel";

const RENEW = 30;

export class HeldPanel extends Panel {
  readonly reads: readonly Topic[] = [
    "alerts",
    "answers",
    "things",
    "clock",
    "words",
    "site",
    "user",
  ];

  protected draw(view: View): TemplateResult {
    const { words, model } = view;
    const role = model.user?.role;
    const open = [...model.alerts.values()];
    const shelved = open.filter((one) => standOf(one, view.now) === "shelved");
    const suppressed = open.filter((one) => standOf(one, view.now) === "suppressed").length;
    const windows = may(role, "maintenance")
      ? (view.actions.ask<{ items: Window[] }>("/maintenance", RENEW).body?.items ?? [])
      : [];
    return this.frame(
      view,
      html`<div class="scrolled" tabindex="0" role="group" aria-label=${words.text("console-held")}>
          ${
            shelved.length + windows.length === 0
              ? html`<p class="note">${words.text("console-held-none")}</p>`
              : nothing
          }
          <ul class="held">
            ${shelved.map((one) => this.shelf(view, one))}
            ${windows.map((one) => this.window(view, one, role))}
          </ul>
          ${suppressed ? html`<p class="note">${words.text("console-suppressed", { n: suppressed })}</p>` : nothing}
        </div>
        <p class="console-bar">
          ${may(role, "maintain") ? deedButton(view, { id: "maintain", key: "e" }, []) : nothing}
        </p>`,
      {
        aside: words.text("console-held-count", {
          shelved: shelved.length,
          windows: windows.length,
        }),
      },
    );
  }

  private shelf(view: View, alert: Alert): TemplateResult {
    const { words, format } = view;
    const why = alert.steps.findLast(({ step }) => step === "shelve");
    const until = format.time(seconds(alert.shelved_until), view.now);
    return html`<li data-alert=${alert.id}>
      ${signMark(view, alert.severity)}
      <button type="button" class="held-what" @click=${() => view.actions.open({ alert: alert.id })}>
        ${words.name(alert.message, alert.rule)}
        <small
          >${words.text("console-shelved")} · ${words.text("console-until", { time: until })}${
            why ? ` · ${clean(why.by)}${why.note ? `: “${clean(why.note)}”` : ""}` : ""
          }</small
        >
      </button>
      ${
        view.actions.mayBegin("unshelve", { alert: alert.id })
          ? deedButton(view, { id: "unshelve", key: "" }, [{ alert: alert.id }])
          : nothing
      }
    </li>`;
  }

  private window(view: View, window: Window, role: string | undefined): TemplateResult {
    const { words, format } = view;
    const what = [
      window.thing ? thingName(view, window.thing) : window.area ? areaName(view, window.area) : "",
      window.rule ? ruleName(view, window.rule) : "",
    ].filter(Boolean);
    const from = seconds(window.from);
    const span = `${format.time(from, view.now)}–${format.time(seconds(window.to), view.now, from)}`;
    return html`<li data-window=${window.id}>
      <span class="held-what"
        >${what.join(" · ")}
        <small
          >${words.text(from > view.now ? "console-window-planned" : "console-window")} ·
          <span class="number">${span}</span> · ${clean(window.by)}: “${clean(window.note)}”</small
        ></span
      >
      ${may(role, "maintain") ? deedButton(view, { id: "end", key: "" }, [{ window }]) : nothing}
    </li>`;
  }
}

function ruleName(view: View, id: string): string {
  const rule = view.model.site?.rules.find((one) => one.id === id);
  return view.words.name(rule?.name, id);
}

customElements.define("ioc-panel-held", HeldPanel);
