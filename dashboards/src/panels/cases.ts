/** What people are at: open incidents and tasks, each with its owner and the time it is due. */

import { html, nothing, type TemplateResult } from "lit";
import { oneWayIn, rove } from "../console/keys";
import { clean } from "../format";
import { openIncidents, openTasks, type Topic, urgentAlerts } from "../model/model";
import { type Alert, type Incident, type PanelConfig, seconds, type Task } from "../model/shapes";
import { ageText, alertMark, areaName, glyph, otherOrigin, signMark, thingName } from "../pieces";
import type { View } from "../store";
import { number } from "./panel";
import { RowsPanel } from "./rows";

const ROW = 4;
/** The line that says there is no incident; the heading of the alerts that are none. */
const CALM = 2.25;
const HEADING = 1.75;

/** Rows of cases: one way in by Tab, then the arrows. */
abstract class CasesPanel extends RowsPanel {
  protected readonly onKey = (event: KeyboardEvent): void => {
    rove(event, this.buttons(), "y");
  };

  protected override updated(): void {
    super.updated();
    oneWayIn(this.buttons());
  }

  private buttons(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".cases button")];
  }
}

export class IncidentsPanel extends CasesPanel {
  readonly reads: readonly Topic[] = ["incidents", "alerts", "things", "clock", "words", "site"];
  private most = 200;
  /** Whether what room is left shows the open alerts nobody has made an incident of. */
  private withAlerts = false;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.most = number(config, "most", 200);
    this.withAlerts = config.alerts === true;
  }

  protected draw(view: View): TemplateResult {
    const all = openIncidents(view.model);
    const late = all.filter((one) => isLate(view, one)).length;
    const { words } = view;
    const alone = this.withAlerts
      ? urgentAlerts(view.model).filter((alert) => alert.incident === null)
      : [];
    const taken = (all.length > 0 ? 0 : CALM) + (alone.length > 0 ? HEADING : 0);
    const rows = this.fitting([...all, ...alone].slice(0, this.most), ROW, taken);
    const shown = rows.slice(all.length) as readonly Alert[];
    return this.frame(
      view,
      html`${
        all.length > 0
          ? html`<ul class="cases" @keydown=${this.onKey}>
              ${all.slice(0, rows.length).map((incident) => this.row(view, incident))}
            </ul>`
          : html`<p class="calm">${glyph("check")}<span>${words.text("wall-incidents-none")}</span></p>`
      }
      ${
        shown.length > 0
          ? html`<h3 class="cases-head">${words.text("wall-alerts-alone")}</h3>
              <ul class="cases" @keydown=${this.onKey}>
                ${shown.map((alert) => this.alertRow(view, alert))}
              </ul>`
          : nothing
      }
      ${this.more(view, all.length + alone.length, rows.length)}`,
      all.length > 0
        ? { aside: words.text("wall-cases-count", { open: all.length, late }) }
        : { at: view.now },
    );
  }

  private alertRow(view: View, alert: Alert): TemplateResult {
    const { words, format } = view;
    const raised = seconds(alert.raised_at);
    return html`<li>
      <button
        type="button"
        class="case"
        data-alert=${alert.id}
        data-severity=${alert.severity}
        @click=${() => view.actions.open({ alert: alert.id })}
      >
        ${alertMark(view, alert)}
        <span class="case-text"
          ><span class="case-title">${words.name(alert.message, alert.rule)}</span
          ><span class="case-who"
            >${otherOrigin(view, alert.origin)}
            <span>${words.text(`wall-severity-${alert.severity}`)}</span>
            <span>${areaName(view, alert.area)}</span></span
          ></span
        >
        <span class="case-owed"
          ><span class="case-owner">${words.text(`wall-alert-${alert.state}`)}</span
          ><span class="case-due"
            ><span class="number">${format.time(raised, view.now)}</span> · ${ageText(view, raised)}</span
          ></span
        >
      </button>
    </li>`;
  }

  private row(view: View, incident: Incident): TemplateResult {
    const { words } = view;
    return html`<li>
      <button
        type="button"
        class="case"
        data-incident=${incident.id}
        data-severity=${incident.severity}
        data-late=${isLate(view, incident)}
        @click=${() => view.actions.open({ incident: incident.id })}
      >
        ${signMark(view, incident.severity)}
        <span class="case-text"
          ><span class="case-title">${incidentTitle(view, incident)}</span
          ><span class="case-who"
            >${otherOrigin(view, incident.origin)}
            <span>${areaName(view, incident.area)}</span>
            <span>${words.text(`wall-incident-${incident.state}`)}</span>
            <span>${words.text("wall-alerts-n", { n: incident.alerts.length })}</span></span
          ></span
        >
        ${owed(view, incident.owner, incident.due, isLate(view, incident))}
      </button>
    </li>`;
  }
}

export class TasksPanel extends CasesPanel {
  readonly reads: readonly Topic[] = ["tasks", "clock", "words", "site", "user"];
  private most = 200;

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    this.most = number(config, "most", 200);
  }

  protected draw(view: View): TemplateResult {
    const all = openTasks(view.model);
    const { words, model } = view;
    if (all.length === 0) {
      // A screen in a public room is told of no task: it must not say that there is none.
      const hidden = model.user?.role === "display" || model.user === null;
      return this.frame(
        view,
        hidden
          ? html`<p class="note">${words.text("wall-needs-login")}</p>`
          : html`<p class="calm">${glyph("check")}<span>${words.text("wall-tasks-none")}</span></p>`,
        { at: view.now },
      );
    }
    const late = all.filter((one) => isLate(view, one)).length;
    const rows = this.fitting(all.slice(0, this.most), ROW);
    return this.frame(
      view,
      html`<ul class="cases" @keydown=${this.onKey}>
          ${rows.map((task) => this.row(view, task))}
        </ul>
        ${this.more(view, all.length, rows.length)}`,
      { aside: words.text("wall-cases-count", { open: all.length, late }) },
    );
  }

  private row(view: View, task: Task): TemplateResult {
    const open = () => view.actions.open({ task: task.id });
    return html`<li>
      <button type="button" class="case" data-task=${task.id} data-late=${isLate(view, task)} @click=${open}>
        ${glyph(isLate(view, task) ? "half" : "level")}
        <span class="case-text"
          ><span class="case-title">${clean(task.title)}</span
          ><span class="case-who"
            >${otherOrigin(view, task.origin)}
            <span>${view.words.text(`wall-task-${task.state}`)}</span>
            <span>${view.words.text("wall-task-from", { who: clean(task.from) })}</span></span
          ></span
        >
        ${owed(view, task.owner, task.due, isLate(view, task))}
      </button>
    </li>`;
  }
}

/** What an incident is called: its own title, else the message of the alert at its root. */
export function incidentTitle(view: View, incident: Incident): string {
  const title = incident.title ? view.words.name(incident.title, "") : "";
  if (title) return title;
  const root = view.model.alerts.get(incident.root.alert);
  if (root) return view.words.name(root.message, root.rule);
  return incident.root.thing ? thingName(view, incident.root.thing) : incident.id;
}

/** Whether its time is over: as the centre says, or by the clock before it has said so. */
export function isLate(view: View, one: { late?: boolean; due: string | null }): boolean {
  return one.late === true || seconds(one.due) < view.now;
}

function owed(view: View, owner: string, due: string | null, late: boolean): TemplateResult {
  const { words, format } = view;
  const at = seconds(due);
  return html`<span class="case-owed"
    ><span class="case-owner">${owner ? clean(owner) : words.text("wall-owner-none")}</span
    ><span class="case-due"
      >${
        Number.isNaN(at)
          ? words.text("wall-due-none")
          : html`${late ? glyph("half") : nothing}<span
                >${words.text(late ? "wall-late" : "wall-due")}
                <span class="number">${format.time(at, view.now)}</span>${
                  late ? html` · ${ageText(view, at)}` : nothing
                }</span
              >`
      }</span
    ></span
  >`;
}

customElements.define("ioc-panel-incidents", IncidentsPanel);
customElements.define("ioc-panel-tasks", TasksPanel);
