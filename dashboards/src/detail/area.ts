/** An area: its facts, its open alerts, what stands in it. */

import { html, nothing } from "lit";
import { areaName, valueMark } from "../pieces";
import type { View } from "../store";
import { alertList, type Content, fact } from "./content";

export function areaDetail(view: View, id: string): Content {
  const area = view.model.site?.areas.find((one) => one.id === id);
  const things = [...view.model.things.values()].filter((thing) => thing.area === id);
  const { words, format } = view;
  const byKind = Map.groupBy(things, (thing) => thing.kind);
  const body = html`${
    area
      ? html`<dl class="facts">
          ${fact(words.text("wall-communes"), area.communes ? format.number(area.communes) : null)}
          ${fact(words.text("wall-surface"), area.km2 ? `${format.number(area.km2, 1)} km²` : null)}
          ${fact(
            words.text("wall-population"),
            area.population
              ? `${format.number(area.population)} (${area.population_source ?? words.text("wall-illustrative")})`
              : null,
          )}
        </dl>`
      : nothing
  }
  ${alertList(view, (alert) => alert.area === id)}
  <h3>${words.text("wall-things-here", { n: things.length })}</h3>
  ${things.length === 0 ? html`<p class="note">${words.text("wall-things-none")}</p>` : nothing}
  ${[...byKind].map(
    ([kind, some]) =>
      html`<h4>${words.kind(kind)}</h4>
        <ul class="detail-things">
          ${some.map((thing) => {
            const datastream = thing.datastreams[0];
            return html`<li>
              <button
                type="button"
                data-thing=${thing.id}
                @click=${() => view.actions.open({ thing: thing.id })}
              >
                <span
                  >${words.name(thing.name, thing.id)}${
                    datastream
                      ? html`<small>${words.datastream(datastream.name, datastream.label)}</small>`
                      : nothing
                  }</span
                >
                ${datastream ? valueMark(view, thing, datastream) : nothing}
              </button>
            </li>`;
          })}
        </ul>`,
  )}`;
  return { title: areaName(view, id), kicker: words.text("wall-area"), body };
}
