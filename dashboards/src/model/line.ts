/** One datastream's line on a chart: its past by REST, then its live values. No DOM, bounded. */

import type { Observation, ReducedObservation } from "./shapes";

/** A line never holds more points than this; the oldest go first. */
export const MOST_POINTS = 4_000;

export class Line {
  /** Seconds since 1970 UTC, rising. */
  readonly times: number[] = [];
  readonly means: (number | null)[] = [];
  readonly mins: (number | null)[] = [];
  readonly maxs: (number | null)[] = [];

  /**
   * @param span - seconds of the past the line keeps.
   * @param gap - seconds without an observation after which the line is broken.
   */
  constructor(
    private readonly span: number,
    private gap: number,
  ) {}

  /** Forget all of it: another time is looked at. */
  clear(): void {
    this.times.length = this.means.length = this.mins.length = this.maxs.length = 0;
  }

  /** Put the stored past behind the live values already here; those newer than it stay. */
  setHistory(points: readonly (Observation | ReducedObservation)[]): void {
    const live = this.times.map((time, index): [number, number | null] => [
      time,
      this.means[index] ?? null,
    ]);
    this.clear();
    for (const point of points) {
      const [time, a, b, c] = point;
      if (typeof b === "string") this.push(time, b === "bad" ? null : a, null, null);
      else this.push(time, b, a, typeof c === "number" ? c : null);
    }
    const last = this.times.at(-1) ?? Number.NEGATIVE_INFINITY;
    for (const [time, value] of live) if (time > last) this.push(time, value, value, value);
  }

  /** Append a live observation. @returns whether it was newer than everything here. */
  add(time: number, value: number): boolean {
    const last = this.times.at(-1);
    if (last !== undefined && time <= last) return false;
    this.push(time, value, value, value);
    return true;
  }

  /** A break longer than this is drawn as a break. */
  setGap(gap: number): void {
    this.gap = gap;
  }

  /** Forget what is older than the span, and what is more than a line may hold. */
  trim(now: number): void {
    let cut = Math.max(0, this.times.length - MOST_POINTS);
    // One point is kept beyond the edge, so that the line runs to it.
    while (cut + 1 < this.times.length && (this.times[cut + 1] as number) <= now - this.span)
      cut += 1;
    if (cut === 0) return;
    this.times.splice(0, cut);
    this.means.splice(0, cut);
    this.mins.splice(0, cut);
    this.maxs.splice(0, cut);
  }

  private push(time: number, mean: number | null, min: number | null, max: number | null): void {
    const last = this.times.at(-1);
    if (last !== undefined && this.gap > 0 && time - last > this.gap) {
      this.times.push(last + this.gap / 2);
      this.means.push(null);
      this.mins.push(null);
      this.maxs.push(null);
    }
    this.times.push(time);
    this.means.push(mean);
    this.mins.push(min ?? mean);
    this.maxs.push(max ?? mean);
  }
}
