/**
 * What an alert sounds like: a figure of tones for each severity, repeated while a severe one waits
 * for its answer, silenced for a while and never for ever. The player is given: see `WebPlayer`.
 */

import { isAside, isUnacknowledged, type Model } from "./model/model";
import type { Alert } from "./model/shapes";

/** One tone: hertz, seconds long, seconds of rest after it. */
export type Tone = readonly [pitch: number, length: number, rest: number];

/** Rising in number, pitch and pace with severity; no two alike, so that ears can tell them. */
export const FIGURES: Readonly<Record<number, readonly Tone[]>> = {
  1: [[440, 0.18, 0]],
  2: [
    [523, 0.16, 0.12],
    [523, 0.16, 0],
  ],
  3: [
    [587, 0.16, 0.08],
    [698, 0.16, 0.08],
    [587, 0.16, 0],
  ],
  4: [
    [784, 0.14, 0.06],
    [988, 0.14, 0.06],
    [784, 0.14, 0.06],
    [988, 0.2, 0],
  ],
  5: [
    [880, 0.12, 0.04],
    [1175, 0.12, 0.04],
    [880, 0.12, 0.04],
    [1175, 0.12, 0.04],
    [880, 0.12, 0.04],
    [1568, 0.4, 0],
  ],
};

/** A mute lasts this long; pressing again ends it. */
export const MUTE_S = 15 * 60;
/** A severe alert nobody answered sounds again after this long. */
export const AGAIN_S = 30;
const REPEATS = 4;
const NIGHT = { from: 22, to: 6, volume: 0.45 };

export interface Player {
  /** Whether the browser lets it sound: it does not before somebody has touched the page. */
  readonly blocked: boolean;
  play(figure: readonly Tone[], volume: number): void;
}

export class Sounds {
  on = false;
  private mutedUntil = Number.NEGATIVE_INFINITY;
  private soundedAt = Number.NEGATIVE_INFINITY;

  /** @param player - what makes the tones. */
  constructor(private readonly player: Player) {}

  get blocked(): boolean {
    return this.on && this.player.blocked;
  }

  /** Seconds until a mute is over; 0 where there is none. */
  muted(now: number): number {
    return Math.max(0, Math.ceil(this.mutedUntil - now));
  }

  /** Silence, or end it. Acknowledges nothing: what waits goes on waiting. */
  mute(now: number): void {
    this.mutedUntil = this.muted(now) ? Number.NEGATIVE_INFINITY : now + MUTE_S;
  }

  /** A new alert was told. `hour` is the site's. */
  heard(alert: Alert, now: number, hour: number): void {
    if (alert.history || !isUnacknowledged(alert)) return;
    this.sound(alert.severity, now, hour);
  }

  /** Say again what is severe and still waits. */
  tick(model: Model, now: number, hour: number): void {
    if (now - this.soundedAt < AGAIN_S) return;
    let worst = 0;
    for (const alert of model.alerts.values()) {
      if (alert.severity <= worst || !isUnacknowledged(alert) || alert.history) continue;
      if (!isAside(alert, model.now)) worst = alert.severity;
    }
    if (worst >= REPEATS) this.sound(worst, now, hour);
  }

  private sound(severity: number, now: number, hour: number): void {
    const figure = FIGURES[severity];
    if (!this.on || this.muted(now) || !figure || this.player.blocked) return;
    this.soundedAt = now;
    const night = hour >= NIGHT.from || hour < NIGHT.to;
    this.player.play(figure, night ? NIGHT.volume : 1);
  }
}

/** Tones by the browser's own synthesizer: no file, no request. */
export class WebPlayer implements Player {
  private context: AudioContext | null = null;

  get blocked(): boolean {
    return this.ready()?.state !== "running";
  }

  /** Called at a person's gesture: from then on the browser lets the page sound. */
  wake(): void {
    void this.ready()?.resume();
  }

  play(figure: readonly Tone[], volume: number): void {
    const context = this.ready();
    if (!context) return;
    let at = context.currentTime + 0.02;
    for (const [pitch, length, rest] of figure) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.type = "triangle";
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.4 * volume, at + 0.01);
      gain.gain.setValueAtTime(0.4 * volume, at + length - 0.03);
      gain.gain.linearRampToValueAtTime(0, at + length);
      tone.connect(gain).connect(context.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + rest;
    }
  }

  private ready(): AudioContext | null {
    if (!this.context && typeof AudioContext !== "undefined") this.context = new AudioContext();
    return this.context;
  }
}
