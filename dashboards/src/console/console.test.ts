import { beforeEach, describe, expect, it } from "vitest";
import { Model } from "../model/model";
import { alert, iso, NOON, site } from "../model/samples";
import type { Incident, Task } from "../model/shapes";
import {
  ALERT_DEEDS,
  bodyOf,
  type Deed,
  INCIDENT_DEEDS,
  MANUAL,
  NEW_DEEDS,
  TASK_DEEDS,
} from "./deeds";
import { filtered, meant, moved, settled, standCounts, standOf, toggled, USUAL } from "./filter";
import { chosenTime, fromLocal, toLocal } from "./moments";
import { may } from "./roles";

const ZONE = "Asia/Ho_Chi_Minh";
const say = (id: string) => id;
let model: Model;

beforeEach(() => {
  model = new Model();
  model.site = site();
  model.apply({ kind: "hello", seq: 1, now: iso(NOON), site: "dien-bien", build: "1" });
});

const ids = (filter = USUAL) => filtered(model, filter).map(({ id }) => id);
const deed = <Of>(deeds: readonly Deed<Of>[], id: string) =>
  deeds.find((one) => one.id === id) as Deed<Of>;

describe("the filter", () => {
  beforeEach(() => {
    model.setAlert(alert({ id: "low", severity: 1 }));
    model.setAlert(alert({ id: "high", severity: 4, area: "elsewhere" }));
    model.setAlert(alert({ id: "seen", severity: 5, state: "acknowledged" }));
    model.setAlert(alert({ id: "shelved", severity: 5, shelved_until: iso(NOON + 60) }));
    model.setAlert(alert({ id: "hidden", severity: 5, suppressed_by: "high" }));
    model.setAlert(alert({ id: "over", state: "normal", closed_at: iso(NOON - 60) }));
  });

  it("shows at first what can be acted on, what waits before what was answered", () => {
    expect(ids()).toEqual(["high", "low", "seen"]);
  });

  it("takes several severities, areas with all inside them, and states together", () => {
    expect(ids({ ...USUAL, severities: new Set([1, 4]) })).toEqual(["high", "low"]);
    expect(ids({ ...USUAL, areas: new Set(["muong-ang"]) })).toEqual(["low", "seen"]);
    expect(ids({ ...USUAL, areas: new Set(["province"]) })).toEqual(["high", "low", "seen"]);
    expect(ids({ ...USUAL, stands: new Set(["shelved", "suppressed"]) })).toEqual([
      "hidden",
      "shelved",
    ]);
    expect(ids({ ...USUAL, stands: new Set() })).toHaveLength(6);
  });

  it("puts a shelved alert back where it was when its time is over", () => {
    const shelved = alert({ shelved_until: iso(NOON + 60) });
    expect(standOf(shelved, NOON)).toBe("shelved");
    expect(standOf(shelved, NOON + 61)).toBe("waiting");
  });

  it("counts each alert once", () => {
    expect(standCounts(model)).toEqual({
      waiting: 2,
      acknowledged: 1,
      shelved: 1,
      suppressed: 1,
      over: 1,
    });
  });
});

describe("the rows chosen", () => {
  const rows = ["a", "b", "c", "d"];

  it("mean the row in hand where none is chosen", () => {
    expect(meant({ at: "b", chosen: new Set() })).toEqual(["b"]);
    expect(meant({ at: "b", chosen: new Set(["a", "d"]) })).toEqual(["a", "d"]);
    expect(meant({ at: null, chosen: new Set() })).toEqual([]);
  });

  it("grow with Shift and stop at the ends", () => {
    const choice = moved({ at: "b", chosen: new Set() }, rows, 5, true);
    expect(choice).toEqual({ at: "d", chosen: new Set(["b", "c", "d"]) });
    expect(moved(choice, rows, -9, false).at).toBe("a");
  });

  it("lose what went, and the neighbour of a row that went takes its place", () => {
    const choice = { at: "b", chosen: new Set(["b", "c"]) };
    const after = settled(choice, rows, ["a", "c", "d"]);
    expect(after).toEqual({ at: "c", chosen: new Set(["c"]) });
    expect(settled({ at: "d", chosen: new Set() }, rows, ["a"]).at).toBe("a");
    expect(settled({ at: "a", chosen: new Set() }, rows, []).at).toBeNull();
  });

  it("are toggled one by one", () => {
    expect(toggled(new Set(["a"]), "a")).toEqual(new Set());
    expect(toggled(new Set(["a"]), "b")).toEqual(new Set(["a", "b"]));
  });
});

describe("a chosen time", () => {
  it("is local to the site, wherever the browser is", () => {
    expect(toLocal(NOON, ZONE)).toBe("2026-11-22T07:00");
    expect(fromLocal("2026-11-22T07:00", ZONE)).toBe(NOON);
    expect(fromLocal("soon", ZONE)).toBeNull();
  });

  it("holds where a zone changes its clock", () => {
    const zone = "Europe/Paris";
    const morning = fromLocal("2026-03-29T08:00", zone) as number;
    expect(new Date(morning * 1000).toISOString()).toBe("2026-03-29T06:00:00.000Z");
  });

  it("is so many hours from now, or working days the server counts", () => {
    expect(chosenTime("until", "h:0.5", "", NOON, ZONE)).toEqual({
      until: new Date((NOON + 1800) * 1000).toISOString(),
    });
    expect(chosenTime("due", "d:2", "", NOON, ZONE)).toEqual({ days: 2 });
  });

  it("never lies behind the site's clock", () => {
    expect(chosenTime("until", "at", "2026-11-22T06:59", NOON, ZONE)).toBeNull();
    expect(chosenTime("until", "at", "2026-11-22T07:01", NOON, ZONE)).not.toBeNull();
    expect(chosenTime("until", "", "", NOON, ZONE)).toBeNull();
  });
});

describe("a deed", () => {
  it("fits an alert by its state: closing only what is no longer so, or was raised by hand", () => {
    const open = (change: Parameters<typeof alert>[0]) =>
      ALERT_DEEDS.filter((one) => one.fits(alert(change), NOON)).map(({ id }) => id);
    expect(open({})).toEqual(["acknowledge", "shelve", "comment"]);
    expect(open({ state: "returned", condition: "cleared" })).toEqual([
      "acknowledge",
      "shelve",
      "comment",
      "close",
    ]);
    expect(open({ rule: MANUAL, state: "acknowledged" })).toContain("close");
    expect(open({ shelved_until: iso(NOON + 60) })).toContain("unshelve");
    expect(open({ state: "normal", closed_at: iso(NOON) })).toEqual(["comment"]);
  });

  it("has a key of its own among those on the same thing and those that make a new one", () => {
    for (const deeds of [ALERT_DEEDS, INCIDENT_DEEDS, TASK_DEEDS]) {
      const keys = [...deeds, ...NEW_DEEDS].map(({ key }) => key).filter(Boolean);
      expect(new Set(keys).size).toBe(keys.length);
    }
    // These are the wall's.
    const all = [...ALERT_DEEDS, ...INCIDENT_DEEDS, ...TASK_DEEDS, ...NEW_DEEDS];
    expect(all.filter(({ key }) => "ltmskif?".includes(key) && key !== "")).toEqual([]);
  });

  it("asks for what is missing by name, and sends nothing empty", () => {
    const shelve = deed(ALERT_DEEDS, "shelve") as Deed<never>;
    expect(bodyOf(shelve, { "until-in": "h:1", note: " " }, NOON, ZONE, say)).toEqual({
      wrong: "note",
    });
    expect(bodyOf(shelve, { "until-in": "", note: "x" }, NOON, ZONE, say)).toEqual({
      wrong: "until",
    });
    const acknowledge = deed(ALERT_DEEDS, "acknowledge") as Deed<never>;
    expect(bodyOf(acknowledge, { note: "" }, NOON, ZONE, say)).toEqual({ body: {} });
  });

  it("assigns with an owner and working days", () => {
    const assign = deed(INCIDENT_DEEDS, "assign") as Deed<never>;
    const filled = { owner: "Công an tỉnh", "due-in": "d:2", note: "" };
    expect(bodyOf(assign, filled, NOON, ZONE, say)).toEqual({
      body: { owner: "Công an tỉnh", days: 2 },
    });
  });

  it("says who told of what is raised by hand", () => {
    const raise = deed(NEW_DEEDS, "raise") as Deed<never>;
    const filled = {
      told: "bulletin",
      teller: "12/CĐ-TW",
      severity: "4",
      area: "muong-ang",
      message: "Lũ quét",
    };
    expect(bodyOf(raise, filled, NOON, ZONE, say)).toEqual({
      body: {
        severity: 4,
        area: "muong-ang",
        message: "Lũ quét",
        note: "console-told-bulletin: 12/CĐ-TW",
      },
    });
  });

  it("plans a shift of those chosen and of one written down, for so long from its beginning", () => {
    const plan = deed(NEW_DEEDS, "plan") as Deed<never>;
    const time = (hours: number) => new Date((NOON + hours * 3600) * 1000).toISOString();
    const filled = { name: "An", phone: "0215", "from-in": "now", "to-in": "h:8" };
    expect(bodyOf(plan, filled, NOON, ZONE, say)).toEqual({
      body: { from: time(0), to: time(8), people: [{ name: "An", phone: "0215" }] },
    });
    const lan = { name: "Lan", phone: "0216", username: "lan" };
    const chosen = { "from-in": "h:12", "to-in": "h:8", people: JSON.stringify(lan) };
    expect(bodyOf(plan, chosen, NOON, ZONE, say)).toEqual({
      body: { from: time(12), to: time(20), people: [lan] },
    });
    const nobody = { "from-in": "now", "to-in": "h:8" };
    expect(bodyOf(plan, nobody, NOON, ZONE, say)).toEqual({ wrong: "people" });
    expect(bodyOf(plan, { ...nobody, name: "An" }, NOON, ZONE, say)).toEqual({ wrong: "phone" });
  });

  it("notes a number under an id of its own, or under the one it had", () => {
    const note = deed(NEW_DEEDS, "contact") as Deed<never>;
    const filled = { name: "Trần Thị Đào", phone: "0215 3 000", email: "" };
    expect(bodyOf(note, filled, NOON, ZONE, say)).toEqual({
      body: { name: "Trần Thị Đào", phone: "0215 3 000", id: "tran-thi-dao-02153000" },
    });
    expect(bodyOf(note, { ...filled, id: "so-yt" }, NOON, ZONE, say)).toMatchObject({
      body: { id: "so-yt" },
    });
  });

  it("links, splits and merges open incidents only, and parts alerts only of several", () => {
    const incident = { id: "i", version: 1, state: "verified", alerts: ["a", "b"] } as Incident;
    const names = (of: Incident) =>
      INCIDENT_DEEDS.filter((one) => one.fits(of, NOON)).map(({ id }) => id);
    expect(names(incident)).toEqual(expect.arrayContaining(["link", "split", "merge"]));
    expect(names({ ...incident, alerts: ["a"] })).not.toContain("split");
    expect(names({ ...incident, state: "closed" })).toEqual(["comment"]);
    const link = deed(INCIDENT_DEEDS, "link") as Deed<never>;
    expect(bodyOf(link, { alerts: "a1\na2" }, NOON, ZONE, say)).toEqual({
      body: { alerts: ["a1", "a2"] },
    });
    expect(bodyOf(link, {}, NOON, ZONE, say)).toEqual({ wrong: "alerts" });
  });

  it("goes to the path of its subject, whatever the id", () => {
    const incident = { id: "a/b", version: 1, state: "received" } as Incident;
    expect(deed(INCIDENT_DEEDS, "verify").path(incident)).toBe("/incidents/a%2Fb/verify");
    const task = { id: "t", version: 1, state: "assigned" } as Task;
    expect(deed(TASK_DEEDS, "accept").path(task)).toBe("/tasks/t/accept");
  });

  it("is for a role or it is not", () => {
    expect(may("operator", "acknowledge")).toBe(true);
    expect(may("leader", "acknowledge")).toBe(false);
    expect(may(null, "comment")).toBe(false);
  });
});
