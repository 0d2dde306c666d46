/** A task: who gave it to whom until when, what may be done with it, and its history. */

import { html, nothing, type TemplateResult } from "lit";
import { deedBar } from "../console/bar";
import { clean } from "../format";
import { seconds, type Task } from "../model/shapes";
import { isLate } from "../panels/cases";
import { areaName } from "../pieces";
import type { View } from "../store";
import { type Content, fact, stepList } from "./content";

export function taskDetail(view: View, id: string): Content {
  const { words } = view;
  const task =
    view.model.tasks.get(id) ?? view.actions.ask<Task>(`/tasks/${encodeURIComponent(id)}`, 30).body;
  if (!task) {
    return {
      title: words.text("console-task"),
      kicker: "",
      body: html`<p class="note">${words.text("console-task-gone")}</p>`,
    };
  }
  return {
    title: clean(task.title),
    kicker: html`${words.text("console-task")}${task.area ? html` · ${areaName(view, task.area)}` : nothing}`,
    body: whole(view, task),
  };
}

function whole(view: View, task: Task): TemplateResult {
  const { words, format } = view;
  const { incident } = task;
  return html`<p class="detail-state" data-task=${task.id}>
      <strong>${words.text(`wall-task-${task.state}`)}</strong>
      ${isLate(view, task) ? html`<strong>${words.text("wall-late-now")}</strong>` : nothing}
    </p>
    <dl class="facts">
      ${fact(words.text("wall-owner"), clean(task.owner))}
      ${fact(words.text("console-giver"), clean(task.from))}
      ${fact(words.text("wall-due-name"), format.time(seconds(task.due), view.now))}
    </dl>
    ${deedBar(view, { task: task.id })}
    ${
      incident
        ? html`<p class="detail-actions">
            <button type="button" @click=${() => view.actions.open({ incident })}>
              ${words.text("console-its-incident")}
            </button>
          </p>`
        : nothing
    }
    <h3>${words.text("wall-alert-steps")}</h3>
    ${stepList(view, task.steps ?? [])}`;
}
