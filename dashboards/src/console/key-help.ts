/** The console's keys, as the help shows them: read off the deeds, so that none is forgotten. */

import { html, type TemplateResult } from "lit";
import type { Words } from "../words";
import { ALERT_DEEDS, INCIDENT_DEEDS, NEW_DEEDS, TASK_DEEDS } from "./deeds";

/** Keys that do nothing to the world. */
const MOVES = [
  ["↑ ↓ Home End", "rows"],
  ["Space, Shift+↑↓", "choose"],
  ["Ctrl+A", "choose-all"],
  ["Enter", "open"],
  ["I", "incident"],
  ["F", "filter"],
] as const;

export function keyHelp(words: Words): TemplateResult {
  const groups = [
    ["alert", ALERT_DEEDS],
    ["incident", INCIDENT_DEEDS],
    ["task", TASK_DEEDS],
    ["new", NEW_DEEDS],
  ] as const;
  return html`<h3>${words.text("console-keys")}</h3>
    <dl class="facts">
      ${MOVES.map(([key, does]) => row(key, words.text(`console-key-${does}`)))}
    </dl>
    ${groups.map(
      ([name, deeds]) =>
        html`<h3>${words.text(`console-keys-${name}`)}</h3>
          <dl class="facts">
            ${deeds
              .filter(({ key }) => key !== "")
              .map(({ id, key }) => row(key.toUpperCase(), words.text(`console-do-${id}`)))}
          </dl>`,
    )}`;
}

function row(key: string, does: string): TemplateResult {
  return html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`;
}
