/** For the supervisor: how the alert system does, what people were told, what was refused. */

import { html, nothing, type TemplateResult } from "lit";
import { may, type Permission } from "../console/roles";
import { clean } from "../format";
import type { Topic } from "../model/model";
import { type Localized, seconds } from "../model/shapes";
import { ageText, glyph, thingName } from "../pieces";
import { place } from "../place";
import type { View } from "../store";
import { Panel } from "./panel";
import { RowsPanel } from "./rows";

const RENEW = 60;
const NOTICE_ROW = 3.75;
const REFUSED_ROW = 2.5;

interface Raised {
  rule: string;
  thing: string;
  raises: number;
}

interface Performance {
  from: string;
  to: string;
  operators: number;
  raises: number;
  per_10_min: { mean: number; p99: number; most: number };
  flood: { percent: number; floods: number };
  stale: { alert: string; rule: string; thing: string; raised_at: string }[];
  chattering: Raised[];
  top_ten: { percent: number; items: Raised[] };
  priorities: Record<"low" | "medium" | "high", { raises: number; percent: number }>;
  acknowledge_s: { answered: number; median: number | null; p90: number | null };
  targets: Record<string, number>;
  whole: boolean;
}

/** A sentence in place of what a role is not to see; null where it may. */
function barred(view: View, permission: Permission): string | null {
  const { user } = view.model;
  if (!user?.username) return view.words.text("wall-needs-login");
  return may(user.role, permission)
    ? null
    : (view.words.find(`console-barred-${permission}`) ?? view.words.text("console-not-this-role"));
}

export class PerformancePanel extends Panel {
  readonly reads: readonly Topic[] = ["answers", "clock", "things", "words", "site", "user"];

  protected draw(view: View): TemplateResult {
    const { words } = view;
    const said = barred(view, "performance");
    if (said) return this.frame(view, html`<p class="note">${said}</p>`);
    const { body } = view.actions.ask<Performance>("/alarm-performance", RENEW);
    if (!body) {
      return this.frame(view, html`<p class="note">${words.text("wall-reading")}</p>`);
    }
    return this.frame(
      view,
      html`<div class="performance">
        ${this.figures(view, body)} ${this.priorities(view, body)} ${this.lists(view, body)}
      </div>`,
      {
        aside: words.text("console-since", {
          time: view.format.time(seconds(body.from), view.now),
        }),
        at: seconds(body.to),
      },
    );
  }

  /** Each figure with its target, and a mark where it is beyond it. */
  private figures(view: View, body: Performance): TemplateResult {
    const { words, format } = view;
    const { targets } = body;
    const figures: [string, number | null, number, string, number | undefined][] = [
      ["rate-mean", body.per_10_min.mean, 2, "", targets.mean_per_10_min],
      ["rate-most", body.per_10_min.most, 0, "", targets.most_per_10_min],
      ["flood", body.flood.percent, 1, "%", targets.flood_percent],
      ["stale", body.stale.length, 0, "", targets.stale],
      ["chattering", body.chattering.length, 0, "", targets.chattering],
      ["top-ten", body.top_ten.percent, 1, "%", targets.top_ten_percent],
      ["answer", body.acknowledge_s.median, 0, "s", undefined],
    ];
    return html`<dl class="figures">
      ${figures.map(([name, value, places, unit, target]) => {
        const isBeyond = value !== null && target !== undefined && value > target;
        return html`<div data-figure=${name} data-beyond=${isBeyond}>
          <dt>${words.text(`console-figure-${name}`)}</dt>
          <dd>
            <span class="number big-number">${format.number(value, places)}</span>
            <span class="unit">${unit}</span>
            ${
              target === undefined
                ? nothing
                : html`<small
                    >${isBeyond ? glyph("half") : glyph("check")}
                    ${words.text("console-target", { value: format.number(target) })}${unit}</small
                  >`
            }
          </dd>
        </div>`;
      })}
    </dl>`;
  }

  /** The split by priority beside what it should be: two bars of one hundred per cent. */
  private priorities(view: View, body: Performance): TemplateResult {
    const { words, format } = view;
    const names = ["low", "medium", "high"] as const;
    return html`<h3>${words.text("console-split")}</h3>
      <ul class="split">
        ${names.map((name) => {
          const { percent, raises } = body.priorities[name];
          const target = body.targets[`${name}_percent`] ?? 0;
          return html`<li>
            <span>${words.text(`console-priority-${name}`)}</span>
            <span class="split-bar"
              ><span class="split-is" ${place({ width: `${percent}%` })}></span
              ><span class="split-goal" ${place({ left: `${target}%` })}></span
            ></span>
            <span class="number"
              >${format.number(percent, 0)}\u00a0% <small>(${format.number(raises)})</small></span
            >
          </li>`;
        })}
      </ul>`;
  }

  private lists(view: View, body: Performance): TemplateResult {
    const { words, format } = view;
    const chattering = new Set(body.chattering.map(({ rule, thing }) => `${rule}/${thing}`));
    return html`<div class="performance-lists">
      <section>
        <h3>${words.text("console-top-ten")}</h3>
        <ol class="top-ten">
          ${body.top_ten.items.map(
            (one) =>
              html`<li>
                <span class="number">${format.number(one.raises)}</span>
                <span
                  >${ruleName(view, one.rule)} <small>${one.thing ? thingName(view, one.thing) : ""}${
                    chattering.has(`${one.rule}/${one.thing}`)
                      ? ` · ${words.text("console-chatters")}`
                      : ""
                  }</small></span
                >
              </li>`,
          )}
        </ol>
      </section>
      <section>
        <h3>${words.text("console-stale")}</h3>
        ${body.stale.length ? nothing : html`<p class="note">${words.text("console-stale-none")}</p>`}
        <ol class="top-ten">
          ${body.stale.slice(0, 10).map(
            (one) =>
              html`<li>
                <span class="number">${ageText(view, seconds(one.raised_at))}</span>
                <button type="button" @click=${() => view.actions.open({ alert: one.alert })}>
                  ${ruleName(view, one.rule)} <small>${one.thing ? thingName(view, one.thing) : ""}</small>
                </button>
              </li>`,
          )}
        </ol>
      </section>
    </div>`;
  }
}

interface Notice {
  id: string;
  incident: string | null;
  /** What it is about instead of an incident. */
  task: string | null;
  /** Those on duty whom it reached. */
  people: string[];
  route: string;
  role: string;
  to: string;
  state: string;
  tries: number;
  error: string | null;
  created_at: string;
  settled_at: string | null;
  title: Localized | null;
}

/** In the order of worry. */
const FATES = ["failed", "waiting", "sent", "recorded", "answered"] as const;

export class NotificationsPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["answers", "clock", "words", "user"];

  protected draw(view: View): TemplateResult {
    const { words, format } = view;
    const said = barred(view, "notifications");
    if (said) return this.frame(view, html`<p class="note">${said}</p>`);
    const { body } = view.actions.ask<{ items: Notice[]; next: string | null }>(
      "/notifications?limit=500",
      RENEW,
    );
    if (!body) {
      return this.frame(view, html`<p class="note">${words.text("wall-reading")}</p>`);
    }
    const counts = new Map<string, number>();
    for (const { state } of body.items) counts.set(state, (counts.get(state) ?? 0) + 1);
    const place = (one: Notice) => (one.state === "failed" ? 0 : 1);
    const sorted = body.items.toSorted((a, b) => place(a) - place(b));
    const rows = this.fitting(sorted, NOTICE_ROW, 2.5);
    return this.frame(
      view,
      html`<ul class="record-states">
          ${FATES.filter((fate) => fate === "failed" || counts.has(fate)).map(
            (fate) =>
              html`<li>
                <span class="number">${format.number(counts.get(fate) ?? 0)}</span>
                <span class="unit">${words.text(`console-fate-${fate}`)}</span>
              </li>`,
          )}
        </ul>
        ${body.items.length ? nothing : html`<p class="note">${words.text("console-notices-none")}</p>`}
        <ul class="notices">
          ${rows.map((one) => this.row(view, one))}
        </ul>
        ${this.more(view, sorted.length, rows.length)}`,
      { aside: body.next ? words.text("console-newest", { n: body.items.length }) : nothing },
    );
  }

  private row(view: View, one: Notice): TemplateResult {
    const { words, format } = view;
    // A message's times are those of the real clock, whatever the site's says.
    const at = format.time(seconds(one.settled_at ?? one.created_at), view.now);
    const subject = one.task
      ? { task: one.task }
      : one.incident
        ? { incident: one.incident }
        : null;
    const whom =
      one.people.map(clean).join(", ") || clean(one.to || words.text(`console-role-${one.role}`));
    return html`<li data-fate=${one.state}>
      <button
        type="button"
        ?disabled=${!subject}
        @click=${() => subject && view.actions.open(subject)}
      >
        <span
          >${words.name(one.title, words.text("wall-incident"))}<small
            >${whom} · ${clean(one.route)}${
              one.tries > 1 ? ` · ${words.text("console-tries", { n: one.tries })}` : ""
            }${one.error ? ` · ${clean(one.error)}` : ""}</small
          ></span
        >
        <span class="when">${words.text(`console-fate-${one.state}`)} <span class="number">${at}</span></span>
      </button>
    </li>`;
  }
}

interface Refused {
  id: string;
  at: string;
  topic: string;
  reason: string;
  bytes: number;
}

export class RefusedPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["answers", "clock", "words", "user"];

  protected draw(view: View): TemplateResult {
    const { words, format } = view;
    const said = barred(view, "refused");
    if (said) return this.frame(view, html`<p class="note">${said}</p>`);
    const { body } = view.actions.ask<{ items: Refused[] }>("/refused?limit=200", RENEW);
    if (!body) {
      return this.frame(view, html`<p class="note">${words.text("wall-reading")}</p>`);
    }
    const counts = [...Map.groupBy(body.items, ({ reason }) => reason)]
      .map(([reason, some]) => ({ reason, n: some.length }))
      .sort((a, b) => b.n - a.n);
    const rows = this.fitting(body.items, REFUSED_ROW, counts.length ? 2.5 : 0);
    return this.frame(
      view,
      html`${
        counts.length
          ? html`<ul class="record-states">
                ${counts.map(
                  ({ reason, n }) =>
                    html`<li>
                      <span class="number">${format.number(n)}</span>
                      <span class="unit">${words.find(`console-refused-${reason}`) ?? clean(reason)}</span>
                    </li>`,
                )}
              </ul>`
          : html`<p class="calm">${glyph("check")}<span>${words.text("console-refused-none")}</span></p>`
      }
        <ul class="notices">
          ${rows.map(
            (one) =>
              html`<li>
                <p>
                  <span><code>${clean(one.topic)}</code></span>
                  <span class="when"
                    >${words.find(`console-refused-${one.reason}`) ?? clean(one.reason)}
                    <span class="number">${format.time(seconds(one.at), view.now)}</span></span
                  >
                </p>
              </li>`,
          )}
        </ul>
        ${this.more(view, body.items.length, rows.length)}`,
    );
  }
}

function ruleName(view: View, id: string): string {
  if (id === "manual") return view.words.text("console-by-hand");
  const rule = view.model.site?.rules.find((one) => one.id === id);
  return view.words.name(rule?.name, id);
}

customElements.define("ioc-panel-performance", PerformancePanel);
customElements.define("ioc-panel-notifications", NotificationsPanel);
customElements.define("ioc-panel-refused", RefusedPanel);
