/**
 * What a screen does while nobody is at it: it takes its turns, lets a severe alert take it, sounds,
 * moves a little against burn-in, and reloads itself at a quiet hour or when it has frozen.
 */

import type { App } from "./app";
import type { Alert } from "./model/shapes";
import { boardFor, Rotation, takes, turnsOf } from "./rotation";
import { Sounds, WebPlayer } from "./sound";
import type { Subject } from "./store";

const EVERY_MS = 1_000;
/** A page that has not painted for so long while it is in sight is frozen, in milliseconds. */
const FROZEN_MS = 60_000;
/** The picture moves by a pixel or two each so many seconds. */
const SHIFT_EVERY = 240;
const SHIFTS = [
  [0, 0],
  [2, 1],
  [1, 2],
  [-1, 1],
  [-2, -1],
  [1, -2],
] as const;
/** The hour of the site's day at which a screen reloads, if it has run for most of a day. */
const QUIET_HOUR = 3;
const LONG_S = 20 * 3600;
const SOUND = "ioc.sound";

export class Attendant {
  readonly rotation: Rotation;
  readonly player = new WebPlayer();
  readonly sounds = new Sounds(this.player);
  readonly screen: string | null;
  kiosk: boolean;
  private readonly started = seconds();
  private paintedAt = performance.now();
  private shift = 0;

  constructor(
    private readonly app: App,
    private readonly open: (subject: Subject | null) => void,
  ) {
    const query = new URLSearchParams(location.search);
    this.screen = query.get("screen");
    this.kiosk = query.has("kiosk");
    this.sounds.on = query.has("sound") || kept();
    this.rotation = new Rotation(app.board, (board) => app.setBoard(board));
    app.onAlert = (alert) => this.heard(alert);
    app.onChosen = (board) => this.rotation.choose(board, seconds());
    this.begin();
    document.addEventListener("pointerdown", () => this.player.wake());
    document.addEventListener("keydown", () => this.player.wake());
    setInterval(() => this.tick(), EVERY_MS);
    const painted = () => {
      this.paintedAt = performance.now();
      requestAnimationFrame(painted);
    };
    requestAnimationFrame(painted);
  }

  /** Take up the turns of this screen, once the site is known. */
  begin(): void {
    if (this.app.past) return;
    const boards = this.app.model.site?.boards ?? [];
    this.rotation.begin(turnsOf(boards, this.screen), seconds());
  }

  /** The next or the previous board: of the screen's turns, else of all there are. */
  step(by: 1 | -1): void {
    if (this.rotation.place(seconds())) {
      this.rotation.step(by, seconds());
      return;
    }
    const boards = this.app.model.site?.boards ?? [];
    const at = boards.findIndex(({ id }) => id === this.app.board);
    const to = boards[(at + by + boards.length) % boards.length];
    if (to) this.app.go(to.id);
  }

  pause(): void {
    this.rotation.pause(seconds());
    this.app.changed("look");
  }

  mute(): void {
    this.sounds.mute(seconds());
    this.app.changed("look");
  }

  turnSound(): void {
    this.sounds.on = !this.sounds.on;
    this.player.wake();
    try {
      localStorage.setItem(SOUND, String(this.sounds.on));
    } catch {
      // A kiosk may forbid storage; the choice then lasts as long as the page.
    }
    this.app.changed("look");
  }

  turnKiosk(on: boolean): void {
    this.kiosk = on;
    this.app.changed("look");
  }

  /** What the header says of the turns and of the sound; empty where there is nothing to say. */
  said(): string {
    const { words } = this.app;
    const now = seconds();
    const place = this.rotation.place(now);
    const parts: string[] = [];
    if (this.rotation.taken !== null) parts.push(words.text("wall-taken"));
    else if (place && this.rotation.paused) parts.push(words.text("wall-turn-paused", place));
    else if (place) parts.push(words.text("wall-turn", place));
    if (this.sounds.blocked) parts.push(words.text("wall-sound-blocked"));
    else if (this.sounds.on && this.sounds.muted(now)) {
      parts.push(words.text("wall-sound-muted", { n: Math.ceil(this.sounds.muted(now) / 60) }));
    } else if (this.sounds.on) parts.push(words.text("wall-sound-on"));
    return parts.join(" · ");
  }

  private heard(alert: Alert): void {
    this.sounds.heard(alert, seconds(), this.hour());
    if (!(this.screen !== null || this.kiosk) || !takes(alert)) return;
    const { site, things } = this.app.model;
    const board = boardFor(site?.boards ?? [], alert, things.get(alert.thing));
    if (!board) return;
    this.rotation.take(alert.id, board, seconds());
    this.open({ alert: alert.id });
    this.app.changed("look");
  }

  private tick(): void {
    const now = seconds();
    // The past sounds for nobody and takes no turns.
    if (this.app.past) return;
    const taken = this.rotation.taken;
    this.rotation.tick(now);
    if (taken !== null && this.rotation.taken === null) {
      this.open(null);
      this.app.changed("look");
    }
    this.sounds.tick(this.app.model, now, this.hour());
    if (this.screen !== null || this.kiosk) this.care(now);
  }

  /** What keeps a screen alive for months. */
  private care(now: number): void {
    const step = Math.floor(now / SHIFT_EVERY) % SHIFTS.length;
    if (step !== this.shift) {
      this.shift = step;
      const [x, y] = SHIFTS[step] ?? [0, 0];
      document.body.style.setProperty("translate", `${x}px ${y}px`);
    }
    const frozen = !document.hidden && performance.now() - this.paintedAt > FROZEN_MS;
    const old = now - this.started > LONG_S && this.hour() === QUIET_HOUR;
    if (frozen || (old && !this.app.person)) location.reload();
  }

  /** The hour of the site's day; noon while it is not known. */
  private hour(): number {
    const now = this.app.siteNow();
    return Number.isFinite(now) ? Number(this.app.format.clock(now).slice(0, 2)) : 12;
  }
}

/** Seconds of the browser's steady clock. */
function seconds(): number {
  return performance.now() / 1000;
}

function kept(): boolean {
  try {
    return localStorage.getItem(SOUND) === "true";
  } catch {
    return false;
  }
}
