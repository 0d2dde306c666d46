/**
 * Which board a screen shows now: its turn among the screen's boards, a person's choice, or an alert
 * that took the screen for a while. Knows no DOM and no clock: it is told the time.
 */

import type { Alert, Board, Thing } from "./model/shapes";

/** A person's choice stands this long before the turns go on by themselves, in seconds. */
export const CHOSEN_FOR = 120;
/** An alert of level 4 or 5 has the screen this long, in seconds. */
export const TAKEN_FOR = 40;
const TAKES = 4;
const USUAL = 30;

export interface Turn {
  board: string;
  seconds: number;
}

/** The boards of a screen, in their order; none for a screen nobody named. */
export function turnsOf(boards: readonly Board[], screen: string | null): Turn[] {
  if (!screen) return [];
  return boards
    .filter((board) => board.screens?.includes(screen))
    .map((board) => ({ board: board.id, seconds: board.seconds ?? USUAL }));
}

/** Whether an alert is one that takes a screen: new, severe, of now, and nobody's yet. */
export function takes(alert: Alert): boolean {
  return (
    alert.severity >= TAKES &&
    alert.state === "unacknowledged" &&
    !alert.history &&
    alert.suppressed_by === null &&
    alert.shelved_until === null
  );
}

/** The board that is most about an alert: the largest share of its panels shows its thing or its kind. */
export function boardFor(
  boards: readonly Board[],
  alert: Alert,
  thing: Thing | undefined,
): string | null {
  const about = (panel: Board["panels"][number]): boolean => {
    const keys = Array.isArray(panel.datastreams) ? panel.datastreams : [];
    return (
      (thing !== undefined && panel.kind === thing.kind) ||
      keys.some((key) => String(key).startsWith(`${alert.thing}/`))
    );
  };
  let most = boards.find(({ panels }) => panels.some(({ type }) => type === "alerts")) ?? null;
  let largest = 0;
  for (const board of boards) {
    const share = board.panels.filter(about).length / board.panels.length;
    if (share > largest) {
      most = board;
      largest = share;
    }
  }
  return most?.id ?? null;
}

export class Rotation {
  paused = false;
  /** The alert that has the screen now. */
  taken: string | null = null;
  private turns: readonly Turn[] = [];
  private shown: string;
  private until = Number.POSITIVE_INFINITY;
  private back: string | null = null;

  /** @param show - puts a board on the screen. */
  constructor(
    first: string,
    private readonly show: (board: string) => void,
  ) {
    this.shown = first;
  }

  /** Take up the turns of a screen; the first begins unless one of them is shown already. */
  begin(turns: readonly Turn[], now: number): void {
    this.turns = turns;
    const own = turns.find(({ board }) => board === this.shown) ?? turns[0];
    if (!own) return;
    this.until = now + own.seconds;
    this.put(own.board);
  }

  /** How many boards take turns, which of them is shown (from 1), and for how many seconds yet. */
  place(now: number): { index: number; of: number; left: number } | null {
    if (this.turns.length < 2) return null;
    const index = this.turns.findIndex(({ board }) => board === this.shown) + 1;
    return { index, of: this.turns.length, left: Math.max(0, Math.ceil(this.until - now)) };
  }

  /** Go on where it is time. */
  tick(now: number): void {
    if (now < this.until) return;
    if (this.taken !== null) {
      this.release(now);
      return;
    }
    if (this.paused || this.turns.length < 2) return;
    this.step(1, now);
  }

  /** The next board of the screen, or the one before. */
  step(by: 1 | -1, now: number): void {
    if (this.turns.length === 0) return;
    const at = this.turns.findIndex(({ board }) => board === this.shown);
    const to = this.turns[(at + by + this.turns.length) % this.turns.length];
    if (!to) return;
    this.taken = null;
    this.until = now + to.seconds;
    this.put(to.board);
  }

  /** A person chose a board: it stands a while. */
  choose(board: string, now: number): void {
    this.taken = null;
    this.back = null;
    this.shown = board;
    if (this.turns.length) this.until = now + CHOSEN_FOR;
  }

  pause(now: number): void {
    this.paused = !this.paused;
    const own = this.turns.find(({ board }) => board === this.shown);
    if (!this.paused && this.taken === null) this.until = now + (own?.seconds ?? USUAL);
  }

  /** An alert takes the screen; the board that stood there comes back after it. */
  take(alert: string, board: string, now: number): void {
    this.back ??= this.shown;
    this.taken = alert;
    this.until = now + TAKEN_FOR;
    this.put(board);
  }

  private release(now: number): void {
    const back = this.back ?? this.shown;
    const own = this.turns.find(({ board }) => board === back);
    this.taken = null;
    this.back = null;
    this.until = this.turns.length ? now + (own?.seconds ?? USUAL) : Number.POSITIVE_INFINITY;
    this.put(back);
  }

  private put(board: string): void {
    if (board === this.shown) return;
    this.shown = board;
    this.show(board);
  }
}
