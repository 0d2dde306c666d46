import { beforeEach, describe, expect, it } from "vitest";
import { Link, type Socket } from "./link";
import type { LinkState } from "./model/model";
import type { ServerEvent } from "./model/shapes";

/** A world of its own: a clock that only this test moves, and sockets it holds in its hand. */
class Stage {
  time = 0;
  seq: number | null = null;
  sockets: Held[] = [];
  states: LinkState[] = [];
  events: ServerEvent[] = [];
  private waiting: { at: number; run: () => void }[] = [];

  readonly link = new Link({
    open: () => {
      const socket = new Held();
      this.sockets.push(socket);
      return socket;
    },
    greeting: () =>
      this.seq === null ? { subscribe: { board: "wall" } } : { subscribe: {}, after: this.seq },
    onEvent: (event) => {
      this.events.push(event);
      if ("seq" in event) this.seq = event.seq;
    },
    onState: (state) => this.states.push(state),
    now: () => this.time,
    chance: () => 0.5,
    later: (run, milliseconds) => {
      const entry = { at: this.time + milliseconds, run };
      this.waiting.push(entry);
      return () => {
        this.waiting = this.waiting.filter((one) => one !== entry);
      };
    },
  });

  /** Let milliseconds go by. */
  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.waiting.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((one) => one !== next);
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }

  get socket(): Held {
    return this.sockets.at(-1) as Held;
  }

  get phase(): string | undefined {
    return this.states.at(-1)?.phase;
  }

  tick(seq: number): void {
    const frame = { kind: "tick", now: "2026-11-22T07:00:00+07:00", seq, lag: 0 };
    this.socket.onmessage?.({ data: JSON.stringify(frame) });
  }
}

class Held implements Socket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: string[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
}

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
  stage.link.start();
  stage.socket.onopen?.(undefined as never);
});

describe("the link", () => {
  it("subscribes first, and resumes behind the last event after a break", () => {
    expect(stage.socket.sent).toEqual(['{"subscribe":{"board":"wall"}}']);
    stage.tick(42);
    stage.socket.onclose?.({ code: 1006 });
    stage.pass(1000);
    stage.socket.onopen?.(undefined as never);
    expect(stage.socket.sent).toEqual(['{"subscribe":{},"after":42}']);
  });

  it("is live with the first frame", () => {
    expect(stage.phase).not.toBe("live");
    stage.tick(1);
    expect(stage.phase).toBe("live");
  });

  it("is lost well within five seconds of silence, and counts them", () => {
    stage.tick(1);
    stage.pass(3100);
    expect(stage.phase).toBe("live");
    stage.pass(600);
    expect(stage.phase).toBe("lost");
    stage.pass(2000);
    expect(stage.states.at(-1)?.silence).toBe(5);
  });

  it("lets a break that is mended at once pass without alarm", () => {
    stage.tick(1);
    stage.socket.onclose?.({ code: 1012 });
    stage.pass(600);
    stage.socket.onopen?.(undefined as never);
    stage.tick(2);
    stage.pass(500);
    expect(stage.states.map((state) => state.phase)).not.toContain("lost");
  });

  it("waits longer with each attempt, never beyond fifteen seconds", () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((attempt) => stage.link.delay(attempt));
    expect(waits).toEqual([375, 750, 1500, 3000, 6000, 11_250, 11_250]);
  });

  it("gives up an open socket that says nothing", () => {
    stage.tick(1);
    const dead = stage.socket;
    stage.pass(12_000);
    expect(dead.closed).toBe(true);
    expect(stage.sockets.length).toBeGreaterThan(1);
  });

  it("asks for a login instead of trying for ever where it has none", () => {
    stage.socket.onclose?.({ code: 4401 });
    expect(stage.phase).toBe("refused");
    stage.pass(60_000);
    expect(stage.sockets).toHaveLength(1);
    stage.link.restart();
    expect(stage.sockets).toHaveLength(2);
  });

  it("outlives a frame that is not JSON", () => {
    stage.socket.onmessage?.({ data: "{" });
    stage.tick(3);
    expect(stage.events).toHaveLength(1);
  });

  it("does not listen to a socket it has left", () => {
    stage.tick(1);
    stage.link.restart();
    expect(stage.sockets[0]?.onmessage).toBeNull();
  });

  it("is quiet after it was stopped", () => {
    stage.link.stop();
    stage.pass(60_000);
    expect(stage.sockets).toHaveLength(1);
  });
});
