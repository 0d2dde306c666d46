/** What never leaves the screen: whose wall it is, its clock, whether it lives, and what is worst. */

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import type { Attendant } from "./attendant";
import { isAside, isUnacknowledged, otherOrigins, type Topic, urgentAlerts } from "./model/model";
import type { Alert } from "./model/shapes";
import { seconds } from "./model/shapes";
import { Drawn } from "./panels/panel";
import { addressOf } from "./past/moment";
import { ageText, alertMark, areaName, glyph, originBadge, otherOrigin, signMark } from "./pieces";
import type { View } from "./store";
import { theme } from "./theme";

const STRIP = 4;
/** A message longer than this takes smaller letters, so that it stands whole. */
const LONG = 72;
/** Data judged later than this after their time are worth a colourless word of doubt. */
const LATE = 30;

export class Header extends Drawn {
  static override properties = { data: { attribute: false } };
  static readonly reads: readonly Topic[] = [
    "site",
    "things",
    "clock",
    "link",
    "user",
    "words",
    "look",
  ];
  declare data: View | null;
  app: App | null = null;
  attendant: Attendant | null = null;
  onLogin: () => void = () => {};
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor() {
    super();
    this.data = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => this.tick(), 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.timer) clearInterval(this.timer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    const app = this.app;
    if (!view || !app) return nothing;
    const { words, model } = view;
    const site = model.site;
    const phase = model.link.phase;
    const other = words.lang === "vi" ? "en" : "vi";
    const person = app.person;
    const shown = site?.boards.find((board) => board.id === app.board);
    return html`<div class="head-name">
        <span class="head-ioc">IOC</span>
        <h1>${site ? words.name(site.name, site.id) : words.text("wall-title")}</h1>
        <span class="head-board">${shown ? words.name(shown.title, shown.id) : ""}</span>
        <span class="turn number"></span>
      </div>
      <div class="head-trust">
        ${originBadge(view, site?.origin ?? "unknown")}
        ${otherOrigins(model).map((origin) => html`<span class="also">+ ${originBadge(view, origin)}</span>`)}
        <span class="link" data-link=${phase} role="status"
          >${phase === "past" ? nothing : glyph(phase === "live" ? "check" : "off")}<span
            >${words.text(`wall-link-${phase}`)}</span
          ></span
        >
        ${
          Number.isFinite(model.lag) && phase === "live"
            ? html`<span class="lag" data-late=${model.lag > LATE}
                >${words.text("wall-lag")}
                <span class="number">${view.format.number(model.lag, model.lag < 10 ? 1 : 0)}</span>
                <span class="unit">${words.text("wall-seconds")}</span></span
              >`
            : nothing
        }
      </div>
      <div class="head-clock">
        <time class="clock number"></time>
        <span class="date"></span>
      </div>
      <div class="head-person">
        <button
          type="button"
          class="language"
          lang=${other}
          @click=${() => void app.setLanguage(other)}
        >
          ${words.text("wall-language-other")} <kbd>L</kbd>
        </button>
        <button
          type="button"
          class="then-enter"
          @click=${() => location.assign(addressOf(location.search, app.siteNow() - 300))}
        >
          ${words.text("wall-then-enter")} <kbd>,</kbd>
        </button>
        <button type="button" class="look" @click=${() => app.turnTheme()}>
          ${words.text(theme() === "dark" ? "wall-theme-light" : "wall-theme-dark")} <kbd>T</kbd>
        </button>
        ${
          person
            ? html`<span class="person"
                  >${person.username}<small
                    >${words.find(`wall-role-${person.role}`) ?? person.role}</small
                  ></span
                ><button type="button" class="leave" @click=${() => void app.logout()}>
                  ${words.text("wall-logout")}
                </button>`
            : html`<button type="button" class="enter" @click=${() => this.onLogin()}>
                ${words.text("wall-login")}
              </button>`
        }
      </div>`;
  }

  protected override updated(): void {
    this.tick();
  }

  private tick(): void {
    const view = this.data;
    const clock = this.querySelector(".clock");
    const date = this.querySelector(".date");
    if (!view || !this.app || !clock || !date) return;
    const now = this.app.siteNow();
    put(clock, view.format.clock(now));
    const day = Number.isFinite(now)
      ? `${view.format.weekday(now)} ${view.format.date(now)} · UTC+7`
      : "UTC+7";
    put(date, day);
    const turn = this.querySelector(".turn");
    if (turn && this.attendant) put(turn, this.attendant.said());
  }
}

export class Strip extends Drawn {
  static override properties = { data: { attribute: false } };
  static readonly reads: readonly Topic[] = ["alerts", "site", "things", "clock", "words"];
  declare data: View | null;

  constructor() {
    super();
    this.data = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    if (!view?.model.site) return nothing;
    const alerts = urgentAlerts(view.model);
    const worst = alerts.toSorted(byStrip).slice(0, STRIP);
    const counts = [5, 4, 3, 2, 1].map(
      (severity) => [severity, alerts.filter((one) => one.severity === severity).length] as const,
    );
    const aside = [...view.model.alerts.values()].filter((one) => isAside(one, view.now)).length;
    return html`<ul class="strip-counts" aria-label=${view.words.text("wall-alerts-open")}>
        ${counts.map(
          ([severity, n]) =>
            html`<li data-count=${n} data-severity=${severity}>
              ${signMark(view, severity)}<span class="number">${view.format.number(n)}</span>
            </li>`,
        )}
      </ul>
      ${
        worst.length === 0
          ? html`<p class="strip-calm">
              ${glyph("check")}<span
                >${view.words.text("wall-alerts-none")}${
                  aside ? ` · ${view.words.text("wall-alerts-aside", { n: aside })}` : ""
                }</span
              >
            </p>`
          : html`<ol class="strip-worst">
              ${worst.map((alert) => this.item(view, alert))}
            </ol>`
      }
      <p class="unseen" role="status" aria-live="polite">
        ${worst[0] ? view.words.name(worst[0].message, worst[0].rule) : ""}
      </p>`;
  }

  private item(view: View, alert: Alert): TemplateResult {
    const raised = seconds(alert.raised_at);
    const message = view.words.name(alert.message, alert.rule);
    return html`<li>
      <button
        type="button"
        class="strip-alert"
        data-alert=${alert.id}
        data-severity=${alert.severity}
        data-state=${alert.state}
        @click=${() => view.actions.open({ alert: alert.id })}
      >
        ${alertMark(view, alert)}
        <span class="strip-text"
          ><span class=${message.length > LONG ? "strip-message long" : "strip-message"}>${message}</span
          ><span class="strip-place"
            >${otherOrigin(view, alert.origin)} ${areaName(view, alert.area)} · ${view.format.time(raised, view.now)} ·
            ${ageText(view, raised)}</span
          ></span
        >
      </button>
    </li>`;
  }
}

/** The strip is for the worst: severity before all, then who still waits, then the newest. */
function byStrip(a: Alert, b: Alert): number {
  return (
    b.severity - a.severity ||
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    seconds(b.raised_at) - seconds(a.raised_at)
  );
}

/** The boards of the site, a tab each; hidden where a screen is only looked at. */
export class Boards extends Drawn {
  static override properties = { data: { attribute: false } };
  static readonly reads: readonly Topic[] = ["site", "words"];
  declare data: View | null;
  app: App | null = null;

  constructor() {
    super();
    this.data = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    const app = this.app;
    const boards = view?.model.site?.boards ?? [];
    if (!view || !app || boards.length < 2) return nothing;
    return html`<nav aria-label=${view.words.text("wall-boards")}>
      ${boards.map(
        (board, index) =>
          html`<a
            href=${app.address(board.id)}
            aria-current=${board.id === app.board ? "page" : "false"}
            @click=${(event: MouseEvent) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              app.go(board.id);
            }}
            >${index < 9 ? html`<kbd>${index + 1}</kbd>` : nothing}${view.words.name(board.title, board.id)}</a
          >`,
      )}
    </nav>`;
  }

  /** Where the names find no room beside one another, that of this board is in sight. */
  protected override updated(): void {
    const nav = this.querySelector("nav");
    const here = this.querySelector<HTMLElement>("[aria-current=page]");
    if (!nav || !here || nav.scrollWidth <= nav.clientWidth) return;
    nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  }
}

function put(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

customElements.define("ioc-header", Header);
customElements.define("ioc-strip", Strip);
customElements.define("ioc-boards", Boards);
