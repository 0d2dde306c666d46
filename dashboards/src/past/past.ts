/**
 * The wall in the past: which moment it shows, and how that moves on.
 *
 * Each moment is asked of the server whole and replaces what was shown, so that the same moment is
 * the same picture however it was reached. One answer is waited for at a time; one that comes when
 * another moment is wanted is let go.
 */

import { Problem } from "../api";
import type { Model } from "../model/model";
import type { Alert, Snapshot } from "../model/shapes";
import { SPEEDS, type Speed } from "./moment";

/** What the server tells of a moment. */
export interface PastAnswer {
  at: string;
  data: Snapshot;
  past: { exact: boolean };
}

export interface PastParts {
  /** Ask how everything stood, and what had just been over. */
  ask(at: number): Promise<[PastAnswer, readonly Alert[]]>;
  /** Something of what is said about the moment has changed. */
  changed(): void;
  /** Tell the address where the wall is. */
  moved(at: number, speed: Speed | null): void;
  /** Nobody is logged in who may look. */
  refused(): void;
  /** Milliseconds of a steady clock. */
  now(): number;
  /** Ask to be called once, after some milliseconds; returns how to call it off. */
  later(run: () => void, milliseconds: number): () => void;
}

/** A new moment is asked for this often while it plays, in milliseconds. */
const EVERY = 1_000;
const LEAST_STEP = 60;
const UNPROCESSABLE = 422;

export class Past {
  playing = false;
  /** Whether all of it is as it was logged; null before the first answer. */
  exact: boolean | null = null;
  asking = false;
  /** Why the moment wanted is not shown. */
  problem: Problem | null = null;
  private turn = 0;
  private askedAt = 0;
  private callOff: (() => void) | null = null;

  /**
   * @param at - the moment wanted, in seconds since 1970; NaN where the address has none.
   */
  constructor(
    private readonly model: Model,
    private readonly parts: PastParts,
    public at: number,
    public speed: Speed = 1,
  ) {}

  /** Show the moment; and go on from it, where the address says so. */
  begin(playing: boolean): void {
    this.playing = playing;
    void this.load();
  }

  stop(): void {
    this.playing = false;
    this.callOff?.();
    this.turn += 1;
  }

  /** Show another moment. */
  seek(at: number): void {
    if (!Number.isFinite(at)) return;
    this.at = at;
    void this.load();
  }

  step(by: 1 | -1): void {
    this.playing = false;
    this.seek(this.at + by * Math.max(LEAST_STEP, this.speed));
  }

  turnPlaying(): void {
    this.playing = !this.playing;
    this.callOff?.();
    if (this.playing) void this.load();
    else this.parts.moved(this.at, null);
    this.parts.changed();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    this.parts.moved(this.at, this.playing ? speed : null);
    this.parts.changed();
  }

  faster(): void {
    this.setSpeed(SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1);
  }

  /** Ask for the moment wanted, show it, and go on where it plays. */
  async load(): Promise<void> {
    this.callOff?.();
    this.callOff = null;
    this.turn += 1;
    const turn = this.turn;
    this.askedAt = this.parts.now();
    this.asking = true;
    this.parts.changed();
    try {
      const [answer, over] = await this.parts.ask(this.at);
      if (turn !== this.turn) return;
      this.problem = null;
      this.exact = answer.past.exact;
      show(this.model, answer, over, this.at);
      this.parts.moved(this.at, this.playing ? this.speed : null);
    } catch (error) {
      if (turn !== this.turn) return;
      this.fail(error);
    }
    this.asking = false;
    if (this.playing) this.goOn();
    this.parts.changed();
  }

  private goOn(): void {
    const waited = this.parts.now() - this.askedAt;
    this.callOff = this.parts.later(
      () => {
        this.at += (this.speed * (this.parts.now() - this.askedAt)) / 1000;
        void this.load();
      },
      Math.max(0, EVERY - waited),
    );
  }

  private fail(error: unknown): void {
    console.warn("a moment of the past:", error);
    this.problem = error instanceof Problem ? error : new Problem(0, String(error), "", null);
    // The end of what there is, or its beginning: there is nothing to play on to.
    if (this.problem.status === UNPROCESSABLE) this.playing = false;
    if (this.problem.status === 401 || this.problem.status === 403) {
      this.playing = false;
      this.parts.refused();
    }
  }
}

/** Put a moment in the place of all that was shown. */
function show(model: Model, answer: PastAnswer, over: readonly Alert[], at: number): void {
  for (const known of [
    model.closed,
    model.incidents,
    model.tasks,
    model.records,
    model.appeared,
    model.alerts,
  ]) {
    known.clear();
  }
  model.now = at;
  model.replace(answer.data);
  for (const alert of over) if (!model.alerts.has(alert.id)) model.setAlert(alert);
  model.touch("clock", "alerts", "incidents", "tasks", "records", "things", "values", "indicators");
}
