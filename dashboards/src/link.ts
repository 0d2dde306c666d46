/**
 * The wall's one connection: open, subscribe, resume after a break, back off, say when stale.
 *
 * It knows neither the events nor the screen. Time and chance are given to it, so that a test can
 * run an hour of outages in a millisecond.
 */

import type { LinkState } from "./model/model";
import { readEvent, type ServerEvent } from "./model/shapes";

/** As much of a WebSocket as is used; a test gives its own. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LinkParts {
  /** Open a socket to the stream. */
  open(): Socket;
  /** What to ask for once the socket is open: the first frame. */
  greeting(): object;
  /** Every event of a known kind, in order. */
  onEvent(event: ServerEvent): void;
  /** The state of the link, at least twice a second while it is not live. */
  onState(state: LinkState): void;
  /** Milliseconds of a steady clock. */
  now(): number;
  /** A number in [0, 1): spreads the reconnects of many walls. */
  chance(): number;
  /** Ask to be called once, after some milliseconds; returns how to call it off. */
  later(run: () => void, milliseconds: number): () => void;
}

/** The server ticks every 2 s: one that is more than a second late is missing. With the time to
 * notice and to paint, a dead server is known well within 5 s. */
export const SILENCE = 3_200;
/** A dropped link that is back within this is a blink, not news. */
const GRACE = 1_500;
/** An open socket that says nothing for this long is dead, whatever TCP believes. */
const DEAD = 10_000;
const CHECK = 250;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;

const NO_LOGIN = 4401;
const NO_ROLE = 4403;
const TOO_SLOW = 4008;

export class Link {
  private socket: Socket | null = null;
  private heard: number;
  private attempt = 0;
  private refused = false;
  private stopped = false;
  private everLive = false;
  private callOffRetry: (() => void) | null = null;
  private callOffCheck: (() => void) | null = null;
  private told: LinkState | null = null;

  constructor(private readonly parts: LinkParts) {
    this.heard = parts.now();
  }

  start(): void {
    this.stopped = false;
    this.refused = false;
    this.connect();
    this.check();
  }

  stop(): void {
    this.stopped = true;
    this.callOffRetry?.();
    this.callOffCheck?.();
    this.drop();
  }

  /** Begin anew, at once: after a login, or when the wall's subscription has changed. */
  restart(): void {
    this.callOffRetry?.();
    this.callOffCheck?.();
    this.drop();
    this.attempt = 0;
    this.start();
  }

  /** The delay before an attempt: doubled each time, spread over half of it. */
  delay(attempt: number): number {
    const full = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.max(0, attempt - 1));
    return full / 2 + (this.parts.chance() * full) / 2;
  }

  private connect(): void {
    this.callOffRetry = null;
    let socket: Socket;
    try {
      socket = this.parts.open();
    } catch (error) {
      // The address is at fault, not the network: only a developer can put that right.
      console.error("the stream's address was refused:", error);
      this.retry();
      return;
    }
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.parts.greeting()));
    socket.onmessage = (message) => {
      this.heard = this.parts.now();
      this.attempt = 0;
      this.everLive = true;
      let event: ServerEvent | null;
      try {
        event = readEvent(String(message.data));
      } catch (error) {
        console.error("the stream sent a frame that is not JSON:", error);
        return;
      }
      if (event) this.parts.onEvent(event);
      this.tell();
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      this.socket = null;
      if (code === NO_LOGIN || code === NO_ROLE) {
        this.refused = true;
        this.tell();
        return;
      }
      if (code === TOO_SLOW) this.attempt = 0;
      this.retry();
    };
  }

  private retry(): void {
    if (this.stopped) return;
    this.attempt += 1;
    this.callOffRetry = this.parts.later(() => this.connect(), this.delay(this.attempt));
    this.tell();
  }

  private check(): void {
    if (this.stopped) return;
    if (this.socket && this.parts.now() - this.heard > DEAD + this.attempt * DEAD) {
      this.drop();
      this.retry();
    }
    this.tell();
    this.callOffCheck = this.parts.later(() => this.check(), CHECK);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private tell(): void {
    const quiet = this.parts.now() - this.heard;
    const lost = quiet > (this.socket ? SILENCE : GRACE);
    const state: LinkState = {
      phase: this.refused ? "refused" : lost ? "lost" : this.everLive ? "live" : "connecting",
      silence: Math.floor(quiet / 1000),
      attempt: this.attempt,
    };
    const same =
      this.told !== null &&
      this.told.phase === state.phase &&
      this.told.attempt === state.attempt &&
      (state.phase === "live" || this.told.silence === state.silence);
    if (same) return;
    this.told = state;
    this.parts.onState(state);
  }
}
