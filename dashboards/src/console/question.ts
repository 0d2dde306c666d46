/** The one question of the console: what a deed asks, what it is done to, and what came of it. */

import { html, nothing, type TemplateResult } from "lit";
import { type Current, Problem } from "../api";
import { Dialog } from "../dialogs";
import { clean } from "../format";
import type { Alert, Incident, Task } from "../model/shapes";
import { seconds } from "../model/shapes";
import { incidentTitle } from "../panels/cases";
import { alertMark, areaName, signMark, thingName } from "../pieces";
import type { View } from "../store";
import { bodyOf, type Choices, type Contact, type Field } from "./deeds";
import { type Asked, type Desk, lastStep, type Meant } from "./desk";
import { toLocal } from "./moments";

const HOUR = 3600;
/** How many subjects are named one by one before they are only counted. */
const NAMED = 4;
const SAID_FOR = 8_000;
/** How many are offered to choose of. */
const MOST_OFFERED = 40;

export class Question extends Dialog {
  desk: Desk | null = null;
  onLogin: (then: () => void) => void = () => {};
  private asked: Asked | null = null;
  /** Subjects that changed under the person's hands, as they stand. */
  private readonly current = new Map<string, Current>();
  private sentence = "";
  private silence: ReturnType<typeof setTimeout> | null = null;
  /** Which time fields show their own clock. */
  private readonly exact = new Set<string>();

  ask(asked: Asked): void {
    this.asked = asked;
    this.current.clear();
    this.exact.clear();
    this.sentence = "";
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.querySelector("form")?.reset();
      this.open();
    });
  }

  /** Say something that needs no answer; it goes by itself. */
  say(sentence: string): void {
    this.sentence = sentence;
    this.requestUpdate();
    if (this.silence) clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.sentence = "";
      this.requestUpdate();
    }, SAID_FOR);
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    if (!view) return nothing;
    const { asked } = this;
    return html`<p class="toast" role="status">${this.sentence}</p>
      <dialog class="ask question" aria-labelledby="question-title">
        ${asked ? this.form(view, asked) : nothing}
      </dialog>`;
  }

  private form(view: View, asked: Asked): TemplateResult {
    const { words } = view;
    const { deed } = asked;
    const title = words.text(`console-do-${deed.id}`);
    this.follow(asked);
    const stuck = [...this.current.values()].some((one) => !this.desk?.fitsNow(asked, one));
    return html`<form
      data-deed=${deed.id}
      novalidate
      @keydown=${submitOnEnter}
      @submit=${(event: SubmitEvent) => this.submit(event, (form) => this.take(form))}
    >
      <h2 id="question-title">${title}</h2>
      ${this.subjects(view, asked)}
      ${deed.fields.map((field) => this.field(view, asked, field))}
      ${
        this.current.size
          ? html`<p class="changed" role="alert">
              ${[...this.current.values()].map((one) => this.standsNow(view, asked, one))}
            </p>`
          : nothing
      }
      <p class="answer" role="alert">${this.answer}</p>
      <p class="buttons">
        <button type="button" @click=${() => this.close()}>${words.text("wall-cancel")}</button>
        <button
          type="submit"
          class="go"
          ?autofocus=${deed.fields.length === 0}
          ?disabled=${this.busy || stuck}>
          ${this.current.size ? words.text("console-anyway", { deed: title }) : title}
        </button>
      </p>
    </form>`;
  }

  /** What is about to be done something to, as it stands now. */
  private subjects(view: View, asked: Asked): unknown {
    const { meant } = asked;
    if (asked.kind === "new") {
      const alerts = (asked.more.alerts as string[] | undefined) ?? [];
      const incident = asked.more.incident as string | undefined;
      const kept = view.model.incidents.get(incident ?? "");
      if (kept) return html`<ul class="asked-all"><li>${this.ofIncident(view, kept)}</li></ul>`;
      const ofThem = alerts.map((id) => ({ kind: "alert" as const, id, version: 0, request: "" }));
      return ofThem.length ? this.named(view, ofThem) : nothing;
    }
    return this.named(view, meant);
  }

  private named(view: View, meant: readonly Meant[]): TemplateResult {
    const { words } = view;
    const shown = meant.length > NAMED ? meant.slice(0, NAMED - 1) : meant;
    const alert = meant.length === 1 && meant[0] ? view.model.alerts.get(meant[0].id) : undefined;
    return html`<ul class="asked-all">
        ${shown.map((one) => html`<li>${this.subject(view, one)}</li>`)}
        ${
          shown.length < meant.length
            ? html`<li class="note">${words.text("wall-more", { n: meant.length - shown.length })}</li>`
            : nothing
        }
      </ul>
      ${
        alert && this.asked?.deed.id === "acknowledge"
          ? html`<h3>${words.text("wall-alert-response")}</h3>
              <p class="response">${words.name(alert.response, "–")}</p>`
          : nothing
      }`;
  }

  private subject(view: View, meant: Meant): unknown {
    const found = this.desk?.known(meant.kind, meant.id);
    if (!found) return nothing;
    if (meant.kind === "incident") return this.ofIncident(view, found as Incident);
    if (meant.kind === "task") {
      const task = found as Task;
      return html`<p class="asked"><span>${clean(task.title)}<small>${clean(task.owner)} ·
        ${view.words.text(`wall-task-${task.state}`)}</small></span></p>`;
    }
    const alert = found as Alert;
    return html`<p class="asked">
      ${alertMark(view, alert)}<span
        >${view.words.name(alert.message, alert.rule)}<small
          >${areaName(view, alert.area)}${alert.thing ? ` · ${thingName(view, alert.thing)}` : ""} ·
          ${view.words.text(`wall-alert-${alert.state}`)}</small
        ></span
      >
    </p>`;
  }

  private ofIncident(view: View, incident: Incident): TemplateResult {
    return html`<p class="asked">
      ${signMark(view, incident.severity)}<span
        >${incidentTitle(view, incident)}<small
          >${areaName(view, incident.area)} ·
          ${view.words.text(`wall-incident-${incident.state}`)}</small
        ></span
      >
    </p>`;
  }

  /** How something stands that another hand has changed, and by whose last step. */
  private standsNow(view: View, asked: Asked, current: Current): TemplateResult {
    const { words, format } = view;
    const step = lastStep(current);
    const stands = asked.kind === "new" ? "alert" : asked.kind;
    const state = current.state
      ? (words.find(`wall-${stands}-${current.state}`) ?? current.state)
      : "–";
    return html`<span class="changed-one"
      >${words.text("console-changed", { state })}${
        step
          ? html` <small
              >${words.find(`wall-step-${step.step}`) ?? clean(step.step)} ·
              ${words.find(`wall-by-${step.by}`) ?? clean(step.by)} ·
              ${format.time(seconds(step.at), view.now)}${step.note ? ` · “${clean(step.note)}”` : ""}</small
            >`
          : nothing
      }</span
    >`;
  }

  private field(view: View, asked: Asked, field: Field): TemplateResult {
    const { words } = view;
    const needed = "needed" in field && field.needed === true;
    const label = html`${words.text(`console-field-${field.name}`)}${
      needed
        ? nothing
        : field.kind === "note" || field.kind === "line"
          ? html` <small>${words.text("console-optional")}</small>`
          : nothing
    }`;
    const preset = asked.preset[field.name] ?? "";
    switch (field.kind) {
      case "note":
        return html`<label
          >${label}
          <textarea
            name=${field.name}
            rows="2"
            maxlength="500"
            ?required=${needed}
            .defaultValue=${preset}
          ></textarea>
        </label>`;
      case "line":
        return html`<label
          >${label}
          <input
            name=${field.name}
            maxlength="120"
            autocomplete="off"
            ?required=${needed}
            .defaultValue=${preset}
            list=${field.list ? `list-${field.list}` : nothing}
          />
          ${field.list ? this.suggestions(view, field.list) : nothing}
        </label>`;
      case "choice":
        return select(
          label,
          field.name,
          field.options.map((one) => [one, words.text(`console-${field.name}-${one}`)]),
          preset,
        );
      case "severity":
        return select(
          label,
          field.name,
          [1, 2, 3, 4, 5].map((one) => [
            String(one),
            `${one} · ${words.text(`wall-severity-${one}`)}`,
          ]),
          preset || "3",
        );
      case "hidden":
        return html`<input type="hidden" name=${field.name} .value=${preset} />`;
      case "several":
        return this.several(view, asked, field, label);
      case "incident": {
        const mine = asked.meant[0]?.id ?? "";
        const others = [...view.model.incidents.values()].filter(
          (one) => one.id !== mine && one.state !== "closed",
        );
        const near = nearFirst(others, view.model.incidents.get(mine)?.area);
        const choices = near
          .slice(0, MOST_OFFERED)
          .map((one): [string, string] => [
            one.id,
            `${incidentTitle(view, one)} · ${areaName(view, one.area)}`,
          ]);
        return select(label, field.name, [["", "–"], ...choices], preset);
      }
      case "area": {
        const areas = view.model.site?.areas ?? [];
        const all: [string, string][] = areas.map(({ id }) => [id, areaName(view, id)]);
        const whole: [string, string] = ["province", words.text("console-whole-province")];
        const rest = all.filter(([id]) => id !== "province");
        const choices = needed ? [whole, ...rest] : [["", "–"] as [string, string], whole, ...rest];
        return select(label, field.name, choices, preset);
      }
      case "when":
        return this.when(view, field, label);
      default:
        return field satisfies never;
    }
  }

  private when(
    view: View,
    field: Extract<Field, { kind: "when" }>,
    label: unknown,
  ): TemplateResult {
    const { words, format } = view;
    const zone = format.zone;
    const options: [string, string][] = field.options.map((one) => {
      const [unit, n] = one.split(":");
      if (unit === "now") return [one, words.text("console-now")];
      if (unit === "at") return [one, words.text("console-at")];
      if (field.after) return [one, words.text("console-for-hours", { n: Number(n) })];
      if (unit === "d") return [one, words.text("console-in-days", { n: Number(n) })];
      if (n === "0.5") return [one, words.text("console-in-half-hour")];
      return [one, words.text("console-in-hours", { n: Number(n) })];
    });
    return html`<div class="when-field">
      <label
        >${label}
        <select
          name="${field.name}-in"
          @change=${(event: Event) => {
            if ((event.currentTarget as HTMLSelectElement).value === "at")
              this.exact.add(field.name);
            else this.exact.delete(field.name);
            this.requestUpdate();
          }}
        >
          ${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
        </select>
      </label>
      <label ?hidden=${!this.exact.has(field.name)}
        >${words.text("console-at-time")}
        <input
          type="datetime-local"
          name="${field.name}-at"
          .defaultValue=${toLocal(view.now + 4 * HOUR, zone)}
        />
      </label>
    </div>`;
  }

  /** Several of what there is to choose of, each by mouse, or by Tab and Space. */
  private several(
    view: View,
    asked: Asked,
    field: Extract<Field, { kind: "several" }>,
    label: unknown,
  ): TemplateResult {
    const offered = this.offered(view, asked, field.of);
    return html`<fieldset class="several">
      <legend>${label}</legend>
      ${
        offered.length
          ? offered.slice(0, MOST_OFFERED).map(
              ([value, text]) =>
                html`<label
                    ><input type="checkbox" name=${field.name} value=${value} /><span>${text}</span></label
                  >`,
            )
          : html`<p class="note">${view.words.text("console-nothing-offered")}</p>`
      }
    </fieldset>`;
  }

  private offered(view: View, asked: Asked, of: Choices): [string, string][] {
    const { model, words } = view;
    if (of === "roster") {
      const { body } = view.actions.ask<{ items: Contact[] }>("/roster", 300);
      return (body?.items ?? []).map(({ id: _, area, ...person }) => [
        JSON.stringify(person),
        [person.name, person.duty, areaName(view, area), person.phone]
          .filter(Boolean)
          .map(clean)
          .join(" · "),
      ]);
    }
    const incident = model.incidents.get(asked.meant[0]?.id ?? "");
    const gathered = new Set(incident?.alerts);
    const alerts =
      of === "gathered"
        ? (incident?.alerts ?? []).flatMap((id) => {
            const alert = model.alerts.get(id) ?? model.closed.get(id);
            return alert ? [alert] : [];
          })
        : nearFirst(
            [...model.alerts.values()].filter(({ id }) => !gathered.has(id)),
            incident?.area,
          );
    return alerts.map((alert) => [
      alert.id,
      `${words.name(alert.message, alert.rule)} · ${areaName(view, alert.area)}`,
    ]);
  }

  /** What people have written here before, or could. */
  private suggestions(view: View, list: "owners" | "things" | "people"): TemplateResult {
    const { model, words } = view;
    let all: [string, string][] = [];
    if (list === "things") {
      all = [...model.things.values()].map((one) => [one.id, words.name(one.name, one.id)]);
    } else if (list === "owners") {
      const owners = [...model.incidents.values(), ...model.tasks.values()].map(
        ({ owner }) => owner,
      );
      const answerable = [...model.indicators.values()].map(({ owner }) => owner ?? "");
      all = [...new Set([...owners, ...answerable])].filter(Boolean).map((one) => [one, ""]);
    } else {
      const { body } = view.actions.ask<{ items: { name: string; username: string }[] }>(
        "/roster",
        300,
      );
      all = (body?.items ?? []).map((one) => [one.username || one.name, one.name]);
    }
    return html`<datalist id="list-${list}">
      ${all.map(([value, text]) => html`<option value=${value}>${clean(text)}</option>`)}
    </datalist>`;
  }

  /** What changed while the question stood open is said at once, not only when it is sent. */
  private follow(asked: Asked): void {
    for (const meant of asked.meant) {
      const current = this.desk?.changed(meant);
      if (current) this.current.set(meant.id, current);
    }
  }

  private async take(form: FormData): Promise<void> {
    const { asked, desk, data: view } = this;
    if (!asked || !desk || !view) return;
    const filled = Object.fromEntries(
      [...form.keys()].map((name) => [name, form.getAll(name).map(String).join("\n")]),
    );
    const { words } = view;
    const made = bodyOf(asked.deed, filled, view.now, view.format.zone, (id, args) =>
      words.text(id, args),
    );
    if ("wrong" in made) {
      const name = made.wrong;
      this.querySelector<HTMLElement>(`[name="${name}"], [name="${name}-in"]`)?.focus();
      throw new Wrong(
        words.text("console-missing", { field: words.text(`console-field-${name}`) }),
      );
    }
    // What the person has been shown since is what they now speak of.
    const seen = asked.meant.map((one) => ({
      ...one,
      version: this.current.get(one.id)?.version ?? one.version,
    }));
    const outcome = await desk.take({ ...asked, meant: seen }, made.body);
    if (outcome.current.length === 0) {
      const deed = words.text(`console-do-${asked.deed.id}`);
      this.say(words.text("console-done", { deed, n: outcome.done }));
      return;
    }
    this.asked = { ...asked, meant: outcome.current.map(({ meant }) => meant) };
    this.current.clear();
    for (const { meant, now } of outcome.current) this.current.set(meant.id, now);
    throw new Wrong(
      words.text("console-too-late", { n: outcome.current.length, done: outcome.done }),
    );
  }

  protected explain(error: unknown): string {
    const words = this.data?.words;
    if (error instanceof Wrong) return error.message;
    if (!words || !(error instanceof Problem)) return String(error);
    if (error.status === 0) return words.text("wall-unreachable");
    if (error.status === 401) {
      const again = this.asked;
      this.close();
      this.onLogin(() => again && this.ask(again));
      return "";
    }
    if (error.status === 403 && this.asked) {
      // The role may, yet not this: an area that is not theirs, a shelf too long. The server says what.
      const allowed = this.desk?.mayDo(this.asked.deed, null);
      if (!allowed) return this.desk?.notYours(this.asked.deed) ?? "";
      return words.text("console-refused", { why: error.detail });
    }
    return `${error.title} ${error.detail}`;
  }
}

/** Those of an area before the others, the order else kept. */
function nearFirst<One extends { area: string }>(all: One[], area: string | undefined): One[] {
  return all.toSorted((a, b) => Number(b.area === area) - Number(a.area === area));
}

/** A sentence for the person, not a fault. */
class Wrong extends Error {}

function select(
  label: unknown,
  name: string,
  options: readonly (readonly [string, string])[],
  preset: string,
): TemplateResult {
  return html`<label
    >${label}
    <select name=${name}>
      ${options.map(
        ([value, text]) =>
          html`<option value=${value} .defaultSelected=${value === preset}>${text}</option>`,
      )}
    </select>
  </label>`;
}

/** Enter sends from any field, from a list of choices too; Shift+Enter is a new line. */
function submitOnEnter(event: KeyboardEvent): void {
  const { target } = event;
  if (event.key !== "Enter" || event.shiftKey || target instanceof HTMLButtonElement) return;
  event.preventDefault();
  (event.currentTarget as HTMLFormElement).requestSubmit();
}

customElements.define("ioc-question", Question);
