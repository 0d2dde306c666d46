/** An incident: who owes the answer until when, the alerts it gathers, its tasks, its history. */

import { html, nothing, type TemplateResult } from "lit";
import { deedBar, deedButton } from "../console/bar";
import { clean } from "../format";
import { openTasks } from "../model/model";
import { type Incident, seconds } from "../model/shapes";
import { incidentTitle, isLate } from "../panels/cases";
import { addressOf } from "../past/moment";
import { areaName, originBadge, signMark, thingName } from "../pieces";
import type { View } from "../store";
import { alertList, type Content, fact, stepList } from "./content";

export function incidentDetail(view: View, id: string): Content {
  const { words } = view;
  const kept = view.model.incidents.get(id);
  const incident =
    kept ?? view.actions.ask<Incident>(`/incidents/${encodeURIComponent(id)}`, 30).body;
  if (!incident) {
    return {
      title: words.text("wall-incident-gone"),
      kicker: "",
      body: html`<p class="note">${words.text("wall-incident-gone-note")}</p>`,
    };
  }
  return {
    title: incidentTitle(view, incident),
    kicker: html`${words.text("wall-incident")} · ${areaName(view, incident.area)}`,
    body: whole(view, incident),
  };
}

function whole(view: View, incident: Incident): TemplateResult {
  const { words, format } = view;
  const at = (text: string | null | undefined) =>
    text ? format.time(seconds(text), view.now) : null;
  const tasks = openTasks(view.model).filter((task) => task.incident === incident.id);
  const gathered = new Set(incident.alerts);
  return html`<p class="detail-state" data-incident=${incident.id}>
      ${signMark(view, incident.severity)}
      <strong>${words.text(`wall-severity-${incident.severity}`)}</strong>
      <span>${words.text(`wall-incident-${incident.state}`)}</span>
      ${isLate(view, incident) ? html`<strong>${words.text("wall-late-now")}</strong>` : nothing}
      ${originBadge(view, incident.origin)}
    </p>
    <dl class="facts">
      ${fact(words.text("wall-owner"), incident.owner ? clean(incident.owner) : words.text("wall-owner-none"))}
      ${fact(words.text("wall-due-name"), at(incident.due) ?? words.text("wall-due-none"))}
      ${fact(words.text("wall-alert-since"), at(incident.received_at))}
    </dl>
    ${deedBar(view, { incident: incident.id })}
    <p class="detail-actions">
      <a class="then" href=${addressOf(location.search, seconds(incident.received_at))}
        >${words.text("wall-then-look")}</a
      >
    </p>
    ${
      view.actions.mayBegin("give", { incident: incident.id })
        ? html`<p class="detail-actions">
            ${deedButton(view, { id: "give", key: "w" }, [{ incident: incident.id }])}
          </p>`
        : nothing
    }
    ${
      incident.root.thing
        ? html`<p class="detail-actions">
            <button
              type="button"
              data-thing=${incident.root.thing}
              @click=${() => view.actions.open({ thing: incident.root.thing })}
            >
              ${words.text("wall-root")}: ${thingName(view, incident.root.thing)}
            </button>
          </p>`
        : nothing
    }
    <h3>${words.text("wall-alerts-n", { n: incident.alerts.length })}</h3>
    ${alertList(view, (alert) => gathered.has(alert.id))}
    ${
      tasks.length
        ? html`<h3>${words.text("wall-tasks")}</h3>
            <ul class="detail-things">
              ${tasks.map(
                (task) =>
                  html`<li>
                    <button
                      type="button"
                      data-task=${task.id}
                      @click=${() => view.actions.open({ task: task.id })}
                    >
                      <span>${clean(task.title)}<small>${clean(task.owner)}</small></span>
                      <span class="when">${words.text("wall-due")} ${at(task.due) ?? "–"}</span>
                    </button>
                  </li>`,
              )}
            </ul>`
        : nothing
    }
    <h3>${words.text("wall-alert-steps")}</h3>
    ${stepList(view, incident.steps ?? [])}`;
}
