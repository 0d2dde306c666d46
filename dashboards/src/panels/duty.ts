/** Who is on duty now and under which number, and how the shift is handed over. */

import { html, nothing, type TemplateResult } from "lit";
import { deedButton } from "../console/bar";
import type { Contact, Handover, Person, Shift } from "../console/deeds";
import { may } from "../console/roles";
import { clean } from "../format";
import type { Topic } from "../model/model";
import { seconds } from "../model/shapes";
import { areaName } from "../pieces";
import type { View } from "../store";
import { Panel } from "./panel";

const RENEW = 30;
const RENEW_NUMBERS = 300;

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
    const numbers = view.actions.ask<{ items: Contact[] }>("/roster", RENEW_NUMBERS).body;
    const plans = may(role, "shifts");
    const coming = plans
      ? (view.actions.ask<{ items: Shift[] }>("/shifts", RENEW_NUMBERS).body?.items ?? []).filter(
          ({ from }) => seconds(from) > view.now,
        )
      : [];
    if (!body) {
      return this.frame(view, html`<p class="note">${words.text("wall-reading")}</p>`);
    }
    return this.frame(
      view,
      html`<div class="scrolled" tabindex="0" role="group" aria-label=${words.text("console-duty")}>
          ${
            body.shifts.length
              ? body.shifts.map((shift) => this.shift(view, shift))
              : html`<p class="note">${words.text("console-duty-none")}</p>`
          }
          ${
            coming.length
              ? html`<h3>${words.text("console-shifts-coming")}</h3>
                  ${coming.map((shift) => this.shift(view, shift))}`
              : nothing
          }
          ${body.handover ? this.handover(view, body.handover) : nothing}
          ${
            numbers?.items.length
              ? html`<h3>${words.text("console-numbers")}</h3>
                  <ul class="people">
                    ${numbers.items.map((one) => person(one, plans ? contactButtons(view, one) : nothing))}
                  </ul>`
              : nothing
          }
        </div>
        <p class="console-bar">
          ${may(role, "hand-over") ? deedButton(view, { id: "hand-over", key: "y" }, []) : nothing}
          ${
            plans
              ? html`${deedButton(view, { id: "plan", key: "" }, [])}
                ${deedButton(view, { id: "contact", key: "" }, [])}`
              : nothing
          }
        </p>`,
    );
  }

  private shift(view: View, shift: Shift): TemplateResult {
    const { format, words } = view;
    const from = seconds(shift.from);
    const until = format.time(seconds(shift.to), view.now);
    const begins = from > view.now ? `${format.time(from, view.now)} – ` : "";
    return html`<h3 data-shift=${shift.id}>
        ${areaName(view, shift.area)} ·
        <span class="when">${begins}${words.text("console-until", { time: until })}</span>
        ${
          may(view.model.user?.role, "shifts")
            ? deedButton(view, { id: "drop-shift", key: "" }, [{ shift }])
            : nothing
        }
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

/** How somebody on the telephone list is changed, or taken off it. */
function contactButtons(view: View, one: Contact): TemplateResult {
  const preset = Object.fromEntries(Object.entries(one).map(([key, told]) => [key, String(told)]));
  return html`<span class="console-bar" data-contact=${one.id}>
    ${deedButton(view, { id: "contact", key: "" }, [], preset)}
    ${deedButton(view, { id: "drop-contact", key: "" }, [{ contact: one }])}
  </span>`;
}

function person(one: Person, more: unknown = nothing): TemplateResult {
  return html`<li>
    <span
      ><strong>${clean(one.name)}</strong><small>${[one.duty, one.agency].filter(Boolean).map(clean).join(" · ")}</small></span
    >
    ${more}
    <a class="number" href="tel:${one.phone.replaceAll(/[^0-9+]/g, "")}">${clean(one.phone)}</a>
  </li>`;
}

customElements.define("ioc-panel-duty", DutyPanel);
