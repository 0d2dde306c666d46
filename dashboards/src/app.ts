/** The wall's parts, put together: the model, its link, its words, and who may do what. */

import { Answers } from "./answers";
import { Api, Problem } from "./api";
import { Desk } from "./console/desk";
import { Format } from "./format";
import { Link, type Socket } from "./link";
import { MOST_CLOSED, Model, type Topic } from "./model/model";
import { type Alert, type ServerEvent, type Snapshot, seconds, type User } from "./model/shapes";
import { addressOf, readMoment, speedOf } from "./past/moment";
import { Past } from "./past/past";
import { type Actions, Painter, type View } from "./store";
import { keepTheme, setTheme, type Theme, theme } from "./theme";
import { language, Words } from "./words";

const LANGUAGE = "ioc.language";
/** Values of things no panel of the board subscribes to are read again this often. */
const REFRESH = 30_000;
const RETRY = 3_000;

/** What stands in the way of a board: nothing, no answer yet, or nobody logged in. */
export type Gate = "open" | "starting" | "unreachable" | "login";

export class App {
  readonly model = new Model();
  readonly painter: Painter;
  readonly api: Api;
  words: Words;
  format: Format;
  gate: Gate = "starting";
  actions: Actions | null = null;
  readonly answers: Answers;
  readonly desk = new Desk(this);
  /** Told of each alert this wall had not known. */
  onAlert: (alert: Alert) => void = () => {};
  /** Told when a person chooses a board, and when the site is known. */
  onChosen: (board: string) => void = () => {};
  onSite: () => void = () => {};
  /** Which moment of the past this wall shows; null for one that shows now. */
  past: Past | null = null;
  private readonly link: Link;
  private firstBuild: string | null = null;
  private tickedAt = 0;
  private refreshing = false;
  private refreshTimer: ReturnType<typeof setInterval> | null = null;

  constructor(
    token: string | null,
    wish: string | null,
    public board: string,
    private readonly then: { at: string | null; speed: string | null } = { at: null, speed: null },
  ) {
    this.api = new Api(token);
    this.words = new Words(language(wish ?? stored()));
    this.format = new Format(this.words.locale, "Asia/Ho_Chi_Minh");
    this.painter = new Painter(
      this.model,
      () => this.makeView(),
      (run) => requestAnimationFrame(run),
    );
    this.answers = new Answers(
      (path) => this.api.read(path),
      () => this.changed("answers"),
      () => performance.now() / 1000,
    );
    this.link = new Link({
      open: () => new WebSocket(this.api.streamAddress()) as unknown as Socket,
      greeting: () => this.greeting(),
      onEvent: (event) => this.receive(event),
      onState: (state) => {
        const before = this.model.link.phase;
        this.model.link = state;
        this.changed("link");
        if (state.phase === "refused" && before !== "refused") void this.ask();
      },
      now: () => performance.now(),
      chance: Math.random,
      later: (run, milliseconds) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    });
  }

  /** The site's time now, run on from the last tick by the browser's steady clock. */
  siteNow(): number {
    const clock = this.model.site?.clock;
    if (clock?.paused || this.model.link.phase !== "live") return this.model.now;
    const since = Math.min(4, (performance.now() - this.tickedAt) / 1000);
    return this.model.now + since * (clock?.speed ?? 1);
  }

  /** Load the site and open the link; asks for a login where one is needed. */
  async start(): Promise<void> {
    document.documentElement.lang = this.words.lang;
    try {
      this.model.site = await this.api.site();
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
        this.setGate("login");
        return;
      }
      console.warn("no site:", error);
      this.setGate("unreachable");
      setTimeout(() => void this.start(), RETRY);
      return;
    }
    this.format = new Format(this.words.locale, this.model.site.timezone);
    // Who is looking comes first: a key pressed before that is known would ask a screen to log in.
    await Promise.all([this.loadWords(), this.whoAmI()]);
    this.setGate("open");
    this.onSite();
    this.changed("site");
    this.connect();
    if (!this.past) this.refreshTimer ??= setInterval(() => void this.refresh(), REFRESH);
  }

  /** End the link and the timers. */
  stop(): void {
    this.link.stop();
    this.past?.stop();
    if (this.refreshTimer) clearInterval(this.refreshTimer);
    this.refreshTimer = null;
  }

  async login(username: string, password: string): Promise<void> {
    this.become(await this.api.login(username, password));
    if (this.gate === "open") this.connect();
    else if (this.model.site) {
      this.setGate("open");
      this.connect();
    } else await this.start();
  }

  async logout(): Promise<void> {
    try {
      await this.api.logout();
    } catch (error) {
      console.warn("logout:", error);
    }
    // Begin anew as whoever is left: the display, or at a desk nobody.
    location.reload();
  }

  /** Whether somebody with a name of their own is logged in. */
  get person(): User | null {
    const user = this.model.user;
    return user?.username && user.role !== "display" ? user : null;
  }

  /** Whether this is a screen with a token of its own: it shows, and nobody works at it. */
  get unattended(): boolean {
    return this.model.user?.role === "display";
  }

  async setLanguage(lang: string): Promise<void> {
    this.words = new Words(language(lang));
    this.format = new Format(this.words.locale, this.model.site?.timezone ?? this.format.zone);
    document.documentElement.lang = this.words.lang;
    try {
      localStorage.setItem(LANGUAGE, this.words.lang);
    } catch {
      // A kiosk may forbid storage; the choice then lasts as long as the page.
    }
    this.changed("words");
    await this.loadWords();
  }

  /** Turn from dark to light or back, and keep it so on this screen. */
  turnTheme(): void {
    const turned = theme() === "dark" ? "light" : "dark";
    keepTheme(turned);
    this.look(turned);
  }

  /** Stand in a theme, for as long as nobody turns it. */
  look(wanted: Theme): void {
    if (wanted === theme()) return;
    setTheme(wanted);
    this.changed("look");
  }

  /** The address of another board, with all else the address says. */
  address(board: string): string {
    const query = new URLSearchParams(location.search);
    query.set("board", board);
    return `?${query}`;
  }

  /** Show another board, as its address would. */
  go(board: string): void {
    if (board === this.board) return;
    history.pushState(null, "", this.address(board));
    this.onChosen(board);
    this.setBoard(board);
  }

  setBoard(board: string): void {
    this.board = board;
    this.changed("site");
    this.connect();
  }

  changed(...topics: Topic[]): void {
    this.model.touch(...topics);
    this.painter.ask();
  }

  /** Read one thing anew, for who is looking at it. */
  async readThing(id: string): Promise<void> {
    if (this.past) return;
    const gone = new Set(this.model.gone.keys());
    try {
      this.model.mergeAnswer([await this.api.thing(id)], gone);
      this.painter.ask();
    } catch (error) {
      console.warn(`${id}:`, error);
    }
  }

  /** Begin to show: now by the stream, or the moment the address names. */
  private connect(): void {
    if (this.past) void this.past.load();
    else if (this.then.at === null) this.link.restart();
    else this.lookBack(this.then.at);
  }

  private lookBack(told: string): void {
    const now = seconds(this.model.site?.clock.now);
    const speed = this.then.speed === null ? null : speedOf(this.then.speed);
    const parts = {
      ask: (at: number) => this.api.past(at, this.board, MOST_CLOSED),
      changed: () => this.changed("look", "clock"),
      moved: (at: number, playing: Parameters<typeof addressOf>[2]) =>
        history.replaceState(null, "", addressOf(location.search, at, playing)),
      refused: () => this.setGate("login"),
      now: () => performance.now(),
      later: (run: () => void, milliseconds: number) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    };
    this.past = new Past(this.model, parts, readMoment(told, now), speed ?? 1);
    this.model.link = { phase: "past", silence: 0, attempt: 0 };
    this.changed("link", "look");
    this.past.begin(speed !== null);
  }

  private receive(event: ServerEvent): void {
    if (event.kind === "hello") {
      this.tickedAt = performance.now();
      if (this.firstBuild !== null && event.build !== this.firstBuild) {
        // The server was replaced: this page's code may no longer fit it.
        location.reload();
        return;
      }
      this.firstBuild = event.build;
      // A resumed link brings what happened, not what values became of meanwhile.
      if (this.model.seq !== null) void this.refresh();
    }
    if (event.kind === "tick") this.tickedAt = performance.now();
    const news =
      event.kind === "alert" && !this.model.alerts.has(event.data.id) ? event.data : null;
    try {
      this.model.apply(event);
    } catch (error) {
      // One event that cannot be folded must not take the wall with it.
      console.error(`an event of kind ${event.kind} could not be taken:`, error);
      return;
    }
    if (event.kind === "snapshot") void this.complete(event.data);
    if (news) this.onAlert(news);
    this.painter.ask();
  }

  /** Read by REST what a snapshot left out. */
  private async complete(snapshot: Snapshot): Promise<void> {
    // What is over is in no snapshot; from here on events add to it.
    const parts: Promise<void>[] = [
      this.api.closedAlerts(MOST_CLOSED).then((alerts) => {
        for (const alert of alerts) this.model.setAlert(alert);
      }),
    ];
    parts.push(this.refresh());
    if (!snapshot.alerts) {
      parts.push(
        this.api.openAlerts().then((alerts) => {
          for (const alert of alerts) this.model.setAlert(alert);
        }),
      );
    }
    if (!snapshot.indicators) {
      parts.push(
        this.api.indicators().then((indicators) => {
          for (const indicator of indicators) this.model.setIndicator(indicator);
        }),
      );
    }
    for (const answer of await Promise.allSettled(parts)) {
      if (answer.status === "rejected") console.warn("snapshot:", answer.reason);
    }
    this.painter.ask();
  }

  private async refresh(): Promise<void> {
    if (this.refreshing || this.gate !== "open") return;
    this.refreshing = true;
    const gone = new Set(this.model.gone.keys());
    try {
      this.model.mergeAnswer(await this.api.things(), gone);
      const { incidents, tasks } = await this.api.openCases(this.person !== null);
      for (const incident of incidents) this.model.setIncident(incident);
      for (const task of tasks) this.model.setTask(task);
      this.painter.ask();
    } catch (error) {
      console.warn("things and cases:", error);
    } finally {
      this.refreshing = false;
    }
  }

  private greeting(): object {
    // All indicators, whatever the board: another board of a rotation then needs no new snapshot.
    const subscribe = { board: this.board, indicators: ["*"], tasks: true };
    return this.model.seq === null ? { subscribe } : { subscribe, after: this.model.seq };
  }

  private async loadWords(): Promise<void> {
    const lang = this.words.lang;
    const address = this.model.site?.words?.[lang] ?? `/words/${lang}.ftl`;
    try {
      const response = await fetch(address, { credentials: "same-origin" });
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      const catalogue = await response.text();
      if (lang === this.words.lang) this.words = new Words(lang, catalogue);
    } catch (error) {
      // The wall's own words still say everything but the site's own names of kinds.
      console.warn("words:", error);
    }
    this.changed("words");
  }

  /**
   * The stream was refused: a login is over, or says too little. A display is still a display and
   * goes on by itself; only where there is none does somebody have to log in.
   */
  private async ask(): Promise<void> {
    let user: User | null;
    try {
      user = await this.api.me();
    } catch (error) {
      console.warn("who is logged in:", error);
      setTimeout(() => void this.ask(), RETRY);
      return;
    }
    // The same one as before: the server means the role, and asking again changes nothing.
    const other = user !== null && user.username !== this.model.user?.username;
    this.become(user);
    if (other) this.link.restart();
    else this.setGate("login");
  }

  /** Take everything anew as somebody else: a display is told less of people than a person is. */
  private become(user: User | null): void {
    this.model.user = user;
    this.model.seq = null;
    this.model.closed.clear();
    this.model.tasks.clear();
    this.model.records.clear();
    this.answers.clear();
    this.changed("user", "alerts", "tasks", "records", "answers");
  }

  private async whoAmI(): Promise<void> {
    try {
      this.model.user = await this.api.me();
      this.changed("user");
    } catch (error) {
      console.warn("who is logged in:", error);
    }
  }

  private setGate(gate: Gate): void {
    this.gate = gate;
    this.changed("link", "site");
  }

  private makeView(): View {
    if (!this.actions) throw new Error("the wall paints before it has been put together");
    return {
      model: this.model,
      words: this.words,
      format: this.format,
      now: this.model.now,
      actions: this.actions,
    };
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null;
  }
}
