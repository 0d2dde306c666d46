import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { App } from "./app";
import { iso, NOON, site, thing } from "./model/samples";
import type { User } from "./model/shapes";

/** A server in a few lines: who its cookies stand for, and the streams it was asked for. */
class Server {
  readonly sockets: FakeSocket[] = [];
  who: User | null = { username: "display", role: "display", areas: [], agency: null };

  readonly asked: string[] = [];

  answer(path: string): Response {
    this.asked.push(path);
    if (path.endsWith("/me"))
      return this.who ? Response.json(this.who) : new Response("{}", { status: 401 });
    if (path.endsWith("/site")) return Response.json(site());
    if (path.endsWith(".ftl")) return new Response("");
    return Response.json({ items: [], next: null });
  }
}

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly said: string[] = [];

  constructor() {
    server.sockets.push(this);
  }

  send(text: string): void {
    this.said.push(text);
  }

  close(): void {}

  /** Let it open and say hello, with one thing in its snapshot. */
  begin(): void {
    this.onopen?.();
    const hello = { kind: "hello", seq: 7, now: iso(NOON), site: "dien-bien", build: "1" };
    const snapshot = { kind: "snapshot", seq: 7, data: { things: [thing()], alerts: [] } };
    for (const frame of [hello, snapshot]) this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let server: Server;
let app: App;

beforeEach(async () => {
  server = new Server();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", async (path: string) => server.answer(path));
  vi.stubGlobal("requestAnimationFrame", () => 0);
  app = new App(null, "vi", "wall");
  await app.start();
  server.sockets.at(-1)?.begin();
});

afterEach(() => {
  app.stop();
  vi.unstubAllGlobals();
});

describe("an unattended wall", () => {
  it("knows that it is one before it shows anything: no key may ask it to log in", async () => {
    const fresh = new App(null, "vi", "wall");
    fresh.onSite = () => expect(fresh.unattended).toBe(true);
    expect.assertions(1);
    await fresh.start();
    fresh.stop();
  });

  it("asks for no tasks, which are for people only", async () => {
    const asked = (what: string) => server.asked.filter((path) => path.includes(what)).length;
    await vi.waitFor(() => expect(asked("/incidents")).toBe(1));
    expect(asked("/tasks")).toBe(0);
    app.model.user = { username: "lan", role: "leader", areas: [], agency: null };
    server.sockets.at(-1)?.begin();
    await vi.waitFor(() => expect(asked("/tasks")).toBe(1));
  });

  it("goes on as the display when the login made at it is over", async () => {
    app.model.user = { username: "lan", role: "operator", areas: [], agency: null };
    server.sockets.at(-1)?.onclose?.({ code: 4401 });
    await vi.waitFor(() => expect(server.sockets).toHaveLength(2));
    server.sockets.at(-1)?.begin();
    expect(app.gate).toBe("open");
    expect(app.person).toBeNull();
    expect(app.model.link.phase).toBe("live");
  });

  it("takes everything anew then: a display may know less of people", async () => {
    app.model.user = { username: "lan", role: "operator", areas: [], agency: null };
    server.sockets.at(-1)?.onclose?.({ code: 4401 });
    await vi.waitFor(() => expect(server.sockets).toHaveLength(2));
    server.sockets.at(-1)?.onopen?.();
    expect(server.sockets.at(-1)?.said).toEqual([
      '{"subscribe":{"board":"wall","indicators":["*"],"tasks":true}}',
    ]);
  });

  it("asks for a login where the display itself is no longer let in", async () => {
    server.who = null;
    server.sockets.at(-1)?.onclose?.({ code: 4401 });
    await vi.waitFor(() => expect(app.gate).toBe("login"));
    expect(server.sockets).toHaveLength(1);
  });
});
