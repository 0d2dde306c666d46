/** The buttons of what a person may do to something, each with its key. */

import { html, nothing, type TemplateResult } from "lit";
import type { View } from "../store";
import type { Deed } from "./deeds";
import type { Target } from "./desk";

/** A button of a deed; `on` is what it is done to. */
export function deedButton(
  view: View,
  deed: Pick<Deed<never>, "id" | "key">,
  on: readonly Target[],
  preset: Record<string, string> = {},
): TemplateResult {
  return html`<button
    type="button"
    class=${deed.id === "acknowledge" ? "deed acknowledge" : "deed"}
    data-do=${deed.id}
    aria-keyshortcuts=${deed.key || nothing}
    @click=${(event: Event) => {
      event.stopPropagation();
      view.actions.begin(deed.id, on, preset);
    }}
  >
    ${view.words.text(`console-do-${deed.id}`)}${deed.key ? html` <kbd>${deed.key.toUpperCase()}</kbd>` : nothing}
  </button>`;
}

/** All a person may do to one subject now. */
export function deedBar(view: View, target: Target): TemplateResult {
  const deeds = view.actions.deeds(target);
  return html`<p class="detail-actions deeds">
    ${deeds.map((deed) => deedButton(view, deed, [target]))}
  </p>`;
}
