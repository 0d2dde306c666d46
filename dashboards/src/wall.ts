/** The wall: header and strip, the board, what lies beside it, and what stands in its way. */

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import { Attendant } from "./attendant";
import { targetsAt } from "./console/keys";
import type { Question } from "./console/question";
import type { Detail } from "./detail/detail";
import { Detail as DetailElement } from "./detail/detail";
import type { HelpDialog, LoginDialog } from "./dialogs";
import { offerExports } from "./exports";
import { rootSize } from "./format";
import { Boards, Header, Strip } from "./header";
import { isUnacknowledged, type Topic } from "./model/model";
import { isTyping } from "./panels/alerts";
import type { ConsolePanel } from "./panels/console";
import { Drawn } from "./panels/panel";
import { onlyLooked, pressPast } from "./past/actions";
import { PastBar } from "./past/bar";
import { glyph } from "./pieces";
import type { Actions, Subject, View } from "./store";
import { theme } from "./theme";

/** The width of A4 across, inside its margins, in CSS pixels. */
const PAPER = 1046;
const READS: readonly Topic[] = ["site", "link", "words", "user", "look"];

export class Wall extends Drawn {
  static override properties = { data: { attribute: false } };
  declare data: View | null;
  private app: App | null = null;
  private subject: Subject | null = null;
  private far = false;
  private from: HTMLElement | null = null;
  private attendant: Attendant | null = null;

  constructor() {
    super();
    this.data = null;
  }

  /** Put the wall together with its parts; once. */
  begin(app: App): void {
    this.app = app;
    const actions: Actions = {
      open: (subject) => this.open(subject),
      acknowledge: (alert) => {
        if (!isUnacknowledged(alert)) return;
        app.desk.begin("acknowledge", [{ alert: alert.id }]);
      },
      begin: (deed, on, preset) => app.desk.begin(deed, on, preset),
      deeds: (target) => app.desk.open(target),
      looked: (at) => void app.desk.looked(at),
      mayBegin: (deed, on) => app.desk.mayBegin(deed, on),
      ask: (path, seconds) => app.answers.get(path, seconds),
      history: (key, from, to, points) => app.api.history(key, from, to, points),
      send: <Body>(path: string, body: object) => app.api.send(path, body) as Promise<Body>,
    };
    app.actions = onlyLooked(app, actions);
    app.painter.add(this, READS, (view) => {
      this.data = view;
    });
    const attendant = new Attendant(app, (subject) => this.open(subject));
    this.attendant = attendant;
    app.onSite = () => attendant.begin();
    offerExports(this, app);
    this.scale();
    window.addEventListener("resize", () => this.scale());
    // Paper is white whatever the room is; the screen comes back as it was.
    let before = theme();
    window.addEventListener("beforeprint", () => {
      before = theme();
      app.look("light");
      app.painter.now();
    });
    window.addEventListener("afterprint", () => app.look(before));
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    const app = this.app;
    if (!view || !app) return nothing;
    const { words, model } = view;
    const boards = model.site?.boards ?? [];
    const board = boards.find((one) => one.id === app.board) ?? null;
    const phase = app.gate === "open" ? model.link.phase : "connecting";
    this.classList.toggle("past", app.past !== null);
    this.classList.toggle("kiosk", this.attendant?.kiosk ?? false);
    return html`<ioc-header role="banner"></ioc-header>
      <ioc-boards></ioc-boards>
      <ioc-past></ioc-past>
      ${
        phase === "lost"
          ? html`<p class="banner" role="alert">
              ${glyph("off")}<span
                >${words.text("wall-link-lost-banner", { n: model.link.silence })}</span
              >
            </p>`
          : nothing
      }
      <ioc-strip
        class="strip"
        role="region"
        aria-label=${words.text("wall-alerts-worst")}
        data-link=${phase}
      ></ioc-strip>
      <main class="stage" data-link=${phase}>
        ${
          app.gate === "open" && board
            ? html`<ioc-board
                .app=${app}
                .board=${board}
                .far=${this.far}
                .open=${view.model.user?.role === "display"}
              ></ioc-board>`
            : html`<div class="gate">${this.gate(view, app)}</div>`
        }
      </main>
      <ioc-detail hidden></ioc-detail>
      <ioc-help></ioc-help>
      <ioc-login></ioc-login>
      <ioc-question></ioc-question>`;
  }

  protected override updated(): void {
    const app = this.app;
    if (!app) return;
    const header = this.find<Header>("ioc-header");
    const strip = this.find<Strip>("ioc-strip");
    const tabs = this.find<Boards>("ioc-boards");
    const detail = this.find<Detail>("ioc-detail");
    const login = this.find<LoginDialog>("ioc-login");
    const question = this.find<Question>("ioc-question");
    if (!header || !tabs || !strip || !detail || !login || !question) return;
    if (header.app === null) {
      header.app = app;
      header.onLogin = () => login.ask();
      detail.app = app;
      detail.onClose = () => this.open(null);
      login.app = app;
      question.desk = app.desk;
      question.onLogin = (then) => login.ask(then);
      app.desk.onAsk = (asked) => question.ask(asked);
      app.desk.onSay = (sentence) => question.say(sentence);
      app.desk.onLogin = (then) => login.ask(then);
      tabs.app = app;
      this.follow(header, Header.reads);
      this.follow(tabs, Boards.reads);
      const bar = this.find<PastBar>("ioc-past");
      if (bar) {
        bar.app = app;
        this.follow(bar, PastBar.reads);
      }
      this.follow(strip, Strip.reads);
      this.follow(detail, DetailElement.reads);
      header.attendant = this.attendant;
      const help = this.find<HelpDialog>("ioc-help");
      if (help) this.follow(help, ["words"]);
      this.follow(login, ["words"]);
      this.follow(question, ["words", "alerts", "incidents", "tasks", "answers", "site"]);
    }
    const site = this.data?.model.site;
    const board = site?.boards.find((one) => one.id === app.board);
    const words = app.words;
    document.title = site
      ? `IOC ${words.name(site.name, site.id)}${board ? ` · ${words.name(board.title, board.id)}` : ""}`
      : "IOC";
  }

  private gate(view: View, app: App): unknown {
    const { words } = view;
    switch (app.gate) {
      case "starting":
        return html`<p class="note">${words.text("wall-starting")}</p>`;
      case "unreachable":
        return html`<p class="note">${words.text("wall-unreachable")}</p>`;
      case "login":
        return html`<p class="note">${words.text("wall-login-needed")}</p>
          <button type="button" class="go" @click=${() => this.find<LoginDialog>("ioc-login")?.ask()}>
            ${words.text("wall-login")}
          </button>`;
      case "open":
        return html`<p class="note">${words.text("wall-board-none", { board: app.board })}</p>
          <p>
            ${view.model.site?.boards.map(
              (board) =>
                html`<a href="?board=${board.id}">${words.name(board.title, board.id)}</a> `,
            )}
          </p>`;
      default:
        return app.gate satisfies never;
    }
  }

  private follow(element: HTMLElement & { data: View | null }, topics: readonly Topic[]): void {
    this.app?.painter.add(element, topics, (view) => {
      element.data = view;
    });
  }

  private open(subject: Subject | null): void {
    const detail = this.find<Detail>("ioc-detail");
    if (!detail) return;
    if (subject && !this.subject) this.from = document.activeElement as HTMLElement | null;
    this.subject = subject;
    detail.subject = subject;
    if (!subject) this.from?.focus?.({ preventScroll: true });
  }

  private onKey(event: KeyboardEvent): void {
    const app = this.app;
    if (!app || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
    const free = this.subject === null && this.querySelector("dialog[open]") === null;
    if (free && pressPast(app, event.key)) {
      // Done.
    } else if (this.onDeskKey(app, event.key)) {
      // Done.
    } else if (event.key === "l") void app.setLanguage(app.words.lang === "vi" ? "en" : "vi");
    else if (this.onScreenKey(event.key)) {
      // Done.
    } else if (event.key === "t") app.turnTheme();
    else if (event.key === "Escape" && this.subject) this.open(null);
    else if (/^[1-9]$/.test(event.key)) {
      const board = this.data?.model.site?.boards[Number(event.key) - 1];
      if (!board) return;
      app.go(board.id);
    } else return;
    event.preventDefault();
  }

  /** The keys of the console; false for any other. */
  private onDeskKey(app: App, key: string): boolean {
    const targets = targetsAt(document.activeElement, this.subject);
    const first = targets[0];
    if (key === "i") {
      const alert = first && "alert" in first ? app.model.alerts.get(first.alert) : undefined;
      if (alert?.incident) this.open({ incident: alert.incident });
      return alert?.incident != null;
    }
    if (key === "Enter" && document.activeElement === document.body && first && "alert" in first) {
      this.open({ alert: first.alert });
      return true;
    }
    if (key === "f") {
      const list = this.find<ConsolePanel>("ioc-panel-console");
      list?.focusFilters();
      return list !== null;
    }
    return app.past === null && app.desk.press(key, targets);
  }

  /** The keys of the screen itself; false for any other. */
  private onScreenKey(key: string): boolean {
    const attendant = this.attendant;
    const inRows = document.activeElement?.closest(".rows, [role=grid]") !== null;
    if (!attendant || this.querySelector("dialog[open]")) return false;
    if (key === " " && document.activeElement === document.body) attendant.pause();
    else if (key === "ArrowRight" && !inRows) attendant.step(1);
    else if (key === "ArrowLeft" && !inRows) attendant.step(-1);
    else if (key === "m") attendant.mute();
    else if (key === "s") attendant.turnSound();
    else if (key === "k") attendant.turnKiosk(!attendant.kiosk);
    else if (key === "?") this.find<HelpDialog>("ioc-help")?.ask();
    else if (key === "Escape" && attendant.kiosk && !this.subject) attendant.turnKiosk(false);
    else return false;
    return true;
  }

  /** Size everything from the screen, and from the farthest seat where the address names it. */
  private scale(): void {
    const query = new URLSearchParams(location.search);
    const inches = Number(query.get("inch")) || null;
    const metres = Number(query.get("distance")) || null;
    const size = rootSize(window.innerWidth, window.innerHeight, inches, metres);
    document.documentElement.style.fontSize = `${size}px`;
    document.documentElement.style.setProperty("--print-zoom", String(PAPER / (120 * size)));
    const far = size > 1.05 * rootSize(window.innerWidth, window.innerHeight);
    this.classList.toggle("far", far);
    if (far !== this.far) {
      this.far = far;
      this.requestUpdate();
    }
  }

  private find<Element extends HTMLElement>(name: string): Element | null {
    return this.querySelector<Element>(name);
  }
}

customElements.define("ioc-wall", Wall);
