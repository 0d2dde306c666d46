import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import type { App } from "../app";
import { Model } from "../model/model";
import { alert, iso, NOON, site } from "../model/samples";
import type { Incident, User } from "../model/shapes";
import { Words } from "../words";
import { type Asked, Desk } from "./desk";

let model: Model;
let person: User | null;
let unattended: boolean;
let send: ReturnType<typeof vi.fn>;
let desk: Desk;
let asked: Asked[];
let said: string[];
let read: Record<string, unknown>;

beforeEach(() => {
  model = new Model();
  model.site = site();
  model.apply({ kind: "hello", seq: 1, now: iso(NOON), site: "dien-bien", build: "1" });
  person = { username: "lan", role: "operator", areas: [], agency: null };
  unattended = false;
  read = {};
  send = vi.fn(async () => ({}));
  const app = {
    model,
    words: new Words("vi"),
    siteNow: () => NOON,
    get person() {
      return person;
    },
    get unattended() {
      return unattended;
    },
    api: { send },
    answers: { forget: vi.fn(), known: (path: string) => read[path] ?? null },
    painter: { ask: vi.fn() },
    changed: vi.fn(),
  };
  desk = new Desk(app as unknown as App);
  asked = [];
  said = [];
  desk.onAsk = (one) => asked.push(one);
  desk.onSay = (sentence) => said.push(sentence);
});

const question = () => asked.at(-1) as Asked;
const late = (change: object) =>
  new Problem(409, "Conflict", "stale", alert({ id: "a1", version: 2, ...change }));

describe("a deed begun", () => {
  it("asks for a login first, and goes on by itself once somebody is there", () => {
    model.setAlert(alert());
    person = null;
    let then = () => {};
    desk.onLogin = (run) => {
      then = run;
    };
    desk.begin("acknowledge", [{ alert: "a1" }]);
    expect(asked).toEqual([]);
    person = { username: "lan", role: "operator", areas: [], agency: null };
    then();
    expect(question().meant.map(({ id, version }) => [id, version])).toEqual([["a1", 1]]);
  });

  it("by a key does nothing on an unattended screen, which shows and asks nobody to log in", () => {
    model.setAlert(alert());
    person = null;
    const login = vi.fn();
    desk.onLogin = login;
    unattended = true;
    expect(desk.press("a", [{ alert: "a1" }])).toBe(false);
    expect(desk.press("n", [])).toBe(false);
    expect(login).not.toHaveBeenCalled();
    unattended = false;
    expect(desk.press("a", [{ alert: "a1" }])).toBe(true);
    expect(login).toHaveBeenCalledOnce();
  });

  it("works on what the detail has read before the stream told of it", () => {
    const incident = { id: "i1", version: 3, state: "received", alerts: [] };
    read["/incidents/i1"] = incident;
    desk.begin("link", [{ incident: "i1" }]);
    expect(question().meant.map(({ id, version }) => [id, version])).toEqual([["i1", 3]]);
    model.setIncident({ ...incident, version: 4 } as unknown as Incident);
    desk.begin("verify", [{ incident: "i1" }]);
    expect(question().meant.map(({ version }) => version)).toEqual([4]);
  });

  it("says which roles may where one's own may not, and asks nothing", () => {
    model.setAlert(alert());
    person = { username: "chu-tich", role: "leader", areas: [], agency: null };
    desk.begin("acknowledge", [{ alert: "a1" }]);
    expect(asked).toEqual([]);
    expect(said[0]).toContain("trực ban, trưởng ca");
  });

  it("is meant for those of many that it fits", () => {
    model.setAlert(alert({ id: "a1" }));
    model.setAlert(alert({ id: "a2", state: "acknowledged" }));
    desk.press("a", [{ alert: "a1" }, { alert: "a2" }]);
    expect(question().meant.map(({ id }) => id)).toEqual(["a1"]);
    desk.press("a", [{ alert: "a2" }]);
    expect(asked).toHaveLength(1);
    expect(said[0]).toContain("không làm được");
  });

  it("lets an operator close what was raised by hand, and nothing else", () => {
    model.setAlert(alert({ id: "hand", rule: "manual", state: "acknowledged" }));
    model.setAlert(alert({ id: "rule", condition: "cleared", state: "returned" }));
    const names = (id: string) => desk.open({ alert: id }).map((one) => one.id);
    expect(names("hand")).toContain("close");
    expect(names("rule")).not.toContain("close");
  });

  it("gives a task of the incident it is begun on, in its area", () => {
    person = { username: "chu-tich", role: "leader", areas: [], agency: null };
    const incident = { id: "i1", version: 3, state: "verified", area: "muong-ang", alerts: [] };
    model.setIncident(incident as unknown as Incident);
    desk.press("w", [{ incident: "i1" }]);
    expect(question().more).toEqual({ incident: "i1" });
    expect(question().preset.area).toBe("muong-ang");
  });
});

describe("a deed taken", () => {
  beforeEach(() => {
    model.setAlert(alert());
    desk.begin("shelve", [{ alert: "a1" }]);
  });

  it("names the version that was seen, and a number of its own", async () => {
    expect(await desk.take(question(), { note: "x" })).toEqual({ done: 1, current: [] });
    expect(send).toHaveBeenCalledWith("/alerts/a1/shelve", {
      note: "x",
      version: 1,
      request: question().meant[0]?.request,
    });
    expect(question().meant[0]?.request).toMatch(/^[0-9a-f]{24}$/);
  });

  it("that comes too late writes over nothing: it brings back how the alert stands", async () => {
    send.mockRejectedValueOnce(late({ state: "acknowledged" }));
    const { done, current } = await desk.take(question(), { note: "x" });
    expect(done).toBe(0);
    expect(current[0]?.now.version).toBe(2);
    expect(model.alerts.get("a1")?.state).toBe("acknowledged");
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("that is refused for another reason says so", async () => {
    send.mockRejectedValueOnce(new Problem(403, "Forbidden", "8 hours at most", null));
    await expect(desk.take(question(), {})).rejects.toThrow("8 hours at most");
  });

  it("tells the question when another hand is faster", () => {
    const meant = question().meant[0];
    if (!meant) throw new Error("nothing is meant");
    expect(desk.changed(meant)).toBeNull();
    model.setAlert(alert({ version: 2, state: "acknowledged" }));
    expect(desk.changed(meant)?.version).toBe(2);
  });
});

describe("many acknowledged at once", () => {
  it("are one request; those that had changed come back", async () => {
    model.setAlert(alert({ id: "a1" }));
    model.setAlert(alert({ id: "a2" }));
    desk.begin("acknowledge", [{ alert: "a1" }, { alert: "a2" }]);
    send.mockResolvedValueOnce({
      items: [
        {
          id: "a1",
          outcome: "taken",
          alert: alert({ id: "a1", version: 2, state: "acknowledged" }),
        },
        { id: "a2", outcome: "stale", alert: alert({ id: "a2", version: 5 }) },
      ],
    });
    const { done, current } = await desk.take(question(), { note: "" });
    expect(send).toHaveBeenCalledTimes(1);
    expect(send.mock.calls[0]?.[1]).toMatchObject({
      ids: [
        { id: "a1", version: 1 },
        { id: "a2", version: 1 },
      ],
    });
    expect(done).toBe(1);
    expect(current.map(({ meant, now }) => [meant.id, now.version])).toEqual([["a2", 5]]);
    expect(model.alerts.get("a1")?.state).toBe("acknowledged");
  });
});
