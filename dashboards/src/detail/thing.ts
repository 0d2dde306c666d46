/** A thing: how it is, its open alerts, its values with a chart of one, its limits. */

import { html, nothing, type TemplateResult } from "lit";
import { qualityAt } from "../model/model";
import type { Datastream, Thing } from "../model/shapes";
import { areaName, originBadge, thingName, whenText, written } from "../pieces";
import type { View } from "../store";
import { alertList, type Content, fact, type Host } from "./content";

export function thingDetail(view: View, id: string, host: Host): Content {
  const thing = view.model.things.get(id);
  return {
    title: thingName(view, id),
    kicker: thing ? html`${view.words.kind(thing.kind)} · ${areaName(view, thing.area)}` : "",
    body: thing
      ? whole(view, thing, host)
      : html`<p class="note">${view.words.text("wall-thing-unknown")}</p>`,
  };
}

function whole(view: View, thing: Thing, host: Host): TemplateResult {
  const { words, format } = view;
  const shown =
    thing.datastreams.find((one) => one.name === host.chosen) ?? thing.datastreams[0] ?? null;
  return html`<p class="detail-state">
      ${
        thing.described
          ? originBadge(view, thing.origin)
          : html`<span class="origin" data-origin="unknown">${words.text("wall-undescribed")}</span>`
      }
      <span data-status=${thing.status}>${words.text(`wall-thing-${thing.status}`)}</span>
      <code>${thing.id}</code>
    </p>
    ${alertList(view, (alert) => alert.thing === thing.id)}
    <ul class="detail-values" data-thing=${thing.id}>
      ${thing.datastreams.map((datastream) => value(view, thing, datastream, shown, host))}
    </ul>
    ${
      Object.keys(thing.limits ?? {}).length
        ? html`<h3>${words.text("wall-limits")}</h3>
            <dl class="facts">
              ${Object.entries(thing.limits ?? {}).map(([name, limit]) =>
                fact(
                  words.find(`limit-${name}`) ?? name,
                  `${format.number(limit, 2)} ${words.unit(thing.datastreams[0]?.unit ?? "")}`,
                ),
              )}
            </dl>`
        : nothing
    }
    ${behind(view, thing)}
    ${shown ? html`<section class="panel detail-chart">${host.chartOf(thing, shown)}</section>` : nothing}`;
}

/** What a gateway speaks for: it has no datastreams of its own. */
function behind(view: View, gateway: Thing): unknown {
  const things = [...view.model.things.values()].filter(({ via }) => via === gateway.id);
  if (things.length === 0) return nothing;
  const byKind = Map.groupBy(things, (thing) => thing.kind);
  return html`<h3>${view.words.text("wall-gateway", { n: things.length })}</h3>
    <dl class="facts">
      ${[...byKind].map(([kind, some]) =>
        fact(
          view.words.kind(kind),
          view.words.text("wall-gateway-share", {
            n: some.filter(({ status }) => status === "online").length,
            all: some.length,
          }),
        ),
      )}
    </dl>`;
}

function value(
  view: View,
  thing: Thing,
  datastream: Datastream,
  shown: Datastream | null,
  host: Host,
): TemplateResult {
  const quality = qualityAt(datastream, view.now);
  const value = datastream.last ? written(view, datastream, datastream.last[1]) : null;
  return html`<li>
    <button
      type="button"
      class="detail-value"
      aria-pressed=${datastream === shown}
      data-datastream="${thing.id}/${datastream.name}"
      data-quality=${quality}
      @click=${() => host.choose(datastream.name)}
    >
      <span class="detail-name">${view.words.datastream(datastream.name, datastream.label)}</span>
      <span class="number">${value?.text ?? "–"}</span>
      <span class="unit">${value?.unit ?? ""}</span>
      <span class="when">${whenText(view, datastream, quality)}</span>
    </button>
  </li>`;
}
