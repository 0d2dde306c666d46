/** Who is on duty now and under which number, and how the shift is handed over. */

import { html, nothing, type TemplateResult } from "lit";
import { deedButton } from "../console/bar";
import type { Handover } from "../console/deeds";
import { may } from "../console/roles";
import { clean } from "../format";
import type { Topic } from "../model/model";
import { seconds } from "../model/shapes";
import { areaName } from "../pieces";
import type { View } from "../store";
import { Panel } from "./panel";

const RENEW = 30;
const RENEW_NUMBERS = 300;

interface Person {
  name: string;
  phone: string;
  duty: string;
  username: string;
  agency: string;
}

interface Shift {
  id: string;
  area: string;
  to: string;
  people: Person[];
  note: string;
}

interface Duty {
  now: string;
  shifts: Shift[];
  handover: Handover | null;
}

export class DutyPanel extends Panel {
  readonly reads: readonly Topic[] = ["answers", "clock", "words", "site", "user"];

  protected draw(view: View): TemplateResult {
    const { words } = view;
    const role = view.model.user?.role;
    if (!may(role, "duty")) {
      return this.frame(view, html`<p class="note">${words.text("wall-needs-login")}</p>`);
    }
    const { body } = view.actions.ask<Duty>("/duty", RENEW);
    const numbers = view.actions.ask<{ items: (Person & { id: string })[] }>(
      "/roster",
      RENEW_NUMBERS,
    ).body;
    if (!body) {
      return this.frame(view, html`<p class="note">${words.text("wall-chart-loading")}</p>`);
    }
    return this.frame(
      view,
      html`<div class="scrolled" tabindex="0" role="group" aria-label=${words.text("console-duty")}>
          ${
            body.shifts.length
              ? body.shifts.map((shift) => this.shift(view, shift))
              : html`<p class="note">${words.text("console-duty-none")}</p>`
          }
          ${body.handover ? this.handover(view, body.handover) : nothing}
          ${
            numbers?.items.length
              ? html`<h3>${words.text("console-numbers")}</h3>
                  <ul class="people">
                    ${numbers.items.map((one) => person(one))}
                  </ul>`
              : nothing
          }
        </div>
        <p class="console-bar">
          ${may(role, "hand-over") ? deedButton(view, { id: "hand-over", key: "y" }, []) : nothing}
          ${may(role, "shifts") ? deedButton(view, { id: "plan", key: "" }, []) : nothing}
        </p>`,
    );
  }

  private shift(view: View, shift: Shift): TemplateResult {
    const until = view.format.time(seconds(shift.to), view.now);
    return html`<h3>
        ${areaName(view, shift.area)} ·
        <span class="when">${view.words.text("console-until", { time: until })}</span>
      </h3>
      <ul class="people">
        ${shift.people.map((one) => person(one))}
      </ul>
      ${shift.note ? html`<p class="note">${clean(shift.note)}</p>` : nothing}`;
  }

  private handover(view: View, told: Handover): TemplateResult {
    const { words, format, model } = view;
    const counts = Object.entries(told.open)
      .map(([what, n]) => `${words.find(`console-open-${what}`) ?? what} ${format.number(n)}`)
      .join(" · ");
    return html`<h3>${words.text("console-handover")}</h3>
      <div class="handover" data-handover=${told.id}>
        <p>
          <strong>${clean(told.from)} → ${clean(told.to)}</strong>
          <span class="when">${format.time(seconds(told.at), view.now)}</span> ·
          ${words.text(told.confirmed_at ? "console-handover-taken" : "console-handover-waits")}
        </p>
        <p>${clean(told.note)}</p>
        <p class="when">${counts}</p>
        ${
          told.confirmed_at === null && told.to === model.user?.username
            ? deedButton(view, { id: "confirm", key: "" }, [{ handover: told }])
            : nothing
        }
      </div>`;
  }
}

function person(one: Person): TemplateResult {
  return html`<li>
    <span
      ><strong>${clean(one.name)}</strong><small>${[one.duty, one.agency].filter(Boolean).map(clean).join(" · ")}</small></span
    >
    <a class="number" href="tel:${one.phone.replaceAll(/[^0-9+]/g, "")}">${clean(one.phone)}</a>
  </li>`;
}

customElements.define("ioc-panel-duty", DutyPanel);
