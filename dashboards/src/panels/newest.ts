/** The things that are new to this wall: what somebody has just made appears here at once. */

import { html, nothing, type TemplateResult } from "lit";
import { lastHeard, newestThings, type Topic } from "../model/model";
import type { Datastream, Thing } from "../model/shapes";
import { areaName, originBadge, valueMark } from "../pieces";
import type { View } from "../store";
import { RowsPanel } from "./rows";

/** Heights in root units: of an entry, and of what stands between the two lists. */
const ENTRY = 3.6;
const HEADINGS = 3.5;
const MOST = 12;

export class NewestPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["things", "values", "clock", "words", "site"];

  protected draw(view: View): TemplateResult {
    const places = Array.from({ length: MOST }, (_, index) => index);
    return this.frame(view, newestList(view, this.fitting(places, ENTRY, HEADINGS).length));
  }
}

/** The list alone, for a panel that has room for it; places nobody new takes go to who spoke last. */
export function newestList(view: View, most: number): TemplateResult {
  const things = newestThings(view.model, most);
  const heard = lastHeard(view.model, most - things.length, new Set(things.map(({ id }) => id)));
  return html`<div class="newest">
    ${
      things.length === 0
        ? html`<p class="note">${view.words.text("wall-newest-none")}</p>`
        : html`<ul>
            ${things.map((thing) => entry(view, thing))}
          </ul>`
    }
    ${
      heard.length === 0
        ? nothing
        : html`<ul>
            ${heard.map((thing, index) => spoke(view, thing, index === 0))}
          </ul>`
    }
  </div>`;
}

/** A thing that just spoke, in two lines; the heading stays with the first, or neither is there. */
function spoke(view: View, thing: Thing, first: boolean): TemplateResult {
  const [datastream] = byTime(thing);
  return html`<li>
    ${first ? html`<h3>${view.words.text("wall-heard")}</h3>` : nothing}
    <button
      type="button"
      class="newest-thing"
      data-thing=${thing.id}
      @click=${() => view.actions.open({ thing: thing.id })}
    >
      <span class="heard-name">${view.words.name(thing.name, thing.id)}</span>
      ${datastream ? said(view, thing, datastream) : nothing}
    </button>
  </li>`;
}

function byTime(thing: Thing): Datastream[] {
  return thing.datastreams.toSorted((a, b) => (b.last?.[0] ?? 0) - (a.last?.[0] ?? 0));
}

function said(view: View, thing: Thing, datastream: Datastream): TemplateResult {
  return html`<span class="newest-value"
    ><span class="newest-datastream"
      >${view.words.datastream(datastream.name, datastream.label)}</span
    >
    ${valueMark(view, thing, datastream)}</span
  >`;
}

/** How many values of one thing the list shows; the rest is in its detail. */
const MOST_VALUES = 2;

function entry(view: View, thing: Thing): TemplateResult {
  const spoken = byTime(thing).slice(0, MOST_VALUES);
  return html`<li>
    <button
      type="button"
      class="newest-thing"
      data-thing=${thing.id}
      @click=${() => view.actions.open({ thing: thing.id })}
    >
      <span class="newest-name">${view.words.name(thing.name, thing.id)}</span>
      <span class="newest-place"
        >${
          thing.described
            ? originBadge(view, thing.origin)
            : html`<span class="origin" data-origin="unknown"
                >${view.words.text("wall-undescribed")}</span
              >`
        }
        ${areaName(view, thing.area)}</span
      >
      ${spoken.map((datastream) => said(view, thing, datastream))}
    </button>
  </li>`;
}

customElements.define("ioc-panel-newest", NewestPanel);
customElements.define("ioc-panel-feed", class extends NewestPanel {});
