import { beforeEach, describe, expect, it } from "vitest";
import {
  byUrgency,
  freshnessByKind,
  isAside,
  MOST_ALERTS,
  MOST_CLOSED,
  Model,
  newestThings,
  qualityAt,
  recentAlerts,
  urgentAlerts,
} from "./model";
import { alert, datastream, indicator, iso, NOON, site, thing } from "./samples";
import { type Observation, readEvent, type ServerEvent, type Thing } from "./shapes";

let model: Model;

beforeEach(() => {
  model = new Model();
  model.site = site();
  model.apply({ kind: "hello", seq: 5, now: iso(NOON), site: "dien-bien", build: "1" });
});

const snapshot = (data: object): ServerEvent => ({ kind: "snapshot", seq: 5, data });

describe("the fold of the stream", () => {
  it("takes a snapshot whole and drops what it no longer holds", () => {
    model.apply(snapshot({ things: [thing()], alerts: [alert()], indicators: [indicator()] }));
    model.apply(snapshot({ things: [thing({ id: "other" })], alerts: [], indicators: [] }));
    expect([...model.things.keys()]).toEqual(["other"]);
    expect(model.alerts.size).toBe(0);
    expect(model.indicators.size).toBe(0);
    expect(model.seq).toBe(5);
  });

  it("keeps what a snapshot leaves out, to be read by REST", () => {
    model.apply(snapshot({ things: [thing()] }));
    model.apply(snapshot({ alerts: [] }));
    expect(model.things.size).toBe(1);
  });

  it("lets a newer version of an alert stand against an older one that comes later", () => {
    model.setAlert(alert({ version: 3, state: "acknowledged" }));
    model.apply({ kind: "alert", seq: 9, at: iso(NOON), data: alert({ version: 2 }) });
    expect(model.alerts.get("a1")?.state).toBe("acknowledged");
  });

  it("forgets an alert that is closed", () => {
    model.setAlert(alert());
    model.apply({
      kind: "alert",
      seq: 9,
      at: iso(NOON),
      data: alert({ version: 2, state: "normal", closed_at: iso(NOON) }),
    });
    expect(model.alerts.size).toBe(0);
  });

  it("moves the place to resume with every durable event and tick, never back", () => {
    model.apply(snapshot({}));
    model.apply({ kind: "drill", seq: 8, at: iso(NOON), data: {} });
    model.apply({ kind: "tick", now: iso(NOON), seq: 12, lag: 0.2 });
    model.apply({ kind: "indicator", seq: 11, at: iso(NOON), data: indicator() });
    expect(model.seq).toBe(12);
  });

  it("shows the site's clock and the lag of the last tick", () => {
    model.apply({ kind: "tick", now: iso(NOON + 2), seq: 6, lag: 0.4 });
    expect(model.now).toBe(NOON + 2);
    expect(model.lag).toBe(0.4);
  });

  it("puts a value into its datastream and never an older one over a newer", () => {
    model.apply(snapshot({ things: [thing()] }));
    const key = "rain-muong-ang-01/rainfall";
    model.apply({ kind: "values", at: iso(NOON), data: { [key]: [NOON, 30, "suspect"] } });
    model.apply({ kind: "values", at: iso(NOON), data: { [key]: [NOON - 900, 1, "good"] } });
    const [first] = model.things.get("rain-muong-ang-01")?.datastreams ?? [];
    expect(first?.last).toEqual([NOON, 30]);
    expect(first?.quality).toBe("suspect");
  });

  it("shows a thing nobody described as soon as it speaks", () => {
    model.apply({
      kind: "values",
      at: iso(NOON),
      data: { "la-01/nhiet-do": [NOON, 31.5, "good"] },
    });
    const found = model.things.get("la-01");
    expect(found?.described).toBe(false);
    expect(found?.origin).toBe("unknown");
    expect(found?.datastreams[0]?.last).toEqual([NOON, 31.5]);
    expect(newestThings(model, 3).map((one) => one.id)).toEqual(["la-01"]);
  });

  it("keeps the newest values when a thing's description comes without them", () => {
    model.apply(snapshot({ things: [thing()] }));
    const described = thing({ name: { vi: "Tên mới" } });
    for (const one of described.datastreams) {
      delete (one as Partial<typeof one>).last;
      delete (one as Partial<typeof one>).quality;
    }
    model.apply({ kind: "thing", seq: 7, at: iso(NOON), data: described });
    const found = model.things.get("rain-muong-ang-01");
    expect(found?.name.vi).toBe("Tên mới");
    expect(found?.datastreams[0]?.last).toEqual([NOON - 60, 12.4]);
  });

  it("takes away a thing that was removed", () => {
    model.apply(snapshot({ things: [thing()] }));
    const removed = { id: "rain-muong-ang-01", removed: true } as unknown as Thing;
    model.apply({ kind: "thing", seq: 7, at: iso(NOON), data: removed });
    expect(model.things.size).toBe(0);
  });

  it("does not bring a thing back because the server still has an old value of it", () => {
    model.apply(snapshot({ things: [thing()], values: { "gone/rainfall": [NOON, 1, "good"] } }));
    const echo: ServerEvent = {
      kind: "values",
      at: iso(NOON),
      data: { "gone/rainfall": [NOON - 900, 1, "good"] },
    };
    model.apply(echo);
    expect([...model.things.keys()]).toEqual(["rain-muong-ang-01"]);
  });

  it("counts only the topics an event touches", () => {
    const before = { ...model.revision };
    model.apply({ kind: "indicator", seq: 6, at: iso(NOON), data: indicator() });
    expect(model.revision.indicators).toBe(before.indicators + 1);
    expect(model.revision.alerts).toBe(before.alerts);
  });

  it("holds a bounded number of alerts and counts what it let go", () => {
    for (let n = 0; n < MOST_ALERTS + 3; n += 1) model.setAlert(alert({ id: `a${n}` }));
    expect(model.alerts.size).toBe(MOST_ALERTS);
    expect(model.forgotten).toBe(3);
  });

  it("goes on where a newer server sends kinds it does not know", () => {
    expect(readEvent('{"kind":"weather-on-mars","seq":1}')).toBeNull();
    expect(readEvent("[]")).toBeNull();
    expect(() => readEvent("{")).toThrow(SyntaxError);
  });
});

describe("the order of alerts", () => {
  it("is unacknowledged first, then severity, then the newest", () => {
    const some = [
      alert({ id: "acked-5", severity: 5, state: "acknowledged" }),
      alert({ id: "old-4", severity: 4, raised_at: iso(NOON - 900) }),
      alert({ id: "new-4", severity: 4, raised_at: iso(NOON - 30) }),
      alert({ id: "returned-2", severity: 2, state: "returned" }),
    ];
    expect(some.sort(byUrgency).map((one) => one.id)).toEqual([
      "new-4",
      "old-4",
      "returned-2",
      "acked-5",
    ]);
  });

  it("leaves out what is shelved until its time is over, and what is suppressed", () => {
    const shelved = alert({ shelved_until: iso(NOON + 60) });
    expect(isAside(shelved, NOON)).toBe(true);
    expect(isAside(shelved, NOON + 61)).toBe(false);
    model.setAlert(alert({ id: "s", suppressed_by: "other" }));
    expect(urgentAlerts(model)).toEqual([]);
  });

  it("gives each area its worst severity and each thing its worst alert", () => {
    model.setAlert(alert({ id: "x", severity: 2, state: "acknowledged" }));
    model.setAlert(alert({ id: "y", severity: 4, rule: "other", state: "acknowledged" }));
    const worst = model.worstAlerts();
    expect(worst.areas.get("muong-ang")).toEqual({ severity: 4, count: 2, unacknowledged: false });
    expect(worst.things.get("rain-muong-ang-01")?.id).toBe("y");
  });
});

describe("freshness", () => {
  it("calls a value stale after three periods", () => {
    const one = datastream({ period: 600, last: [NOON - 1800, 1] });
    expect(qualityAt(one, NOON)).toBe("good");
    expect(qualityAt(one, NOON + 1)).toBe("stale");
  });

  it("never calls a value stale before thirty seconds", () => {
    expect(qualityAt(datastream({ period: 1, last: [NOON - 30, 1] }), NOON)).toBe("good");
    expect(qualityAt(datastream({ period: null, last: [NOON - 31, 1] }), NOON)).toBe("stale");
  });

  it("keeps the server's doubt while the value is fresh", () => {
    expect(qualityAt(datastream({ quality: "bad" }), NOON)).toBe("bad");
    expect(qualityAt(datastream({ last: null }), NOON)).toBe("missing");
  });

  it("is counted by kind, gateways left out", () => {
    model.apply(
      snapshot({
        things: [
          thing({
            datastreams: [
              datastream(),
              datastream({ name: "battery", last: [NOON - 9000, 12] }),
              datastream({ name: "third", last: null }),
            ],
          }),
          thing({ id: "gateway", kind: "gateway", datastreams: [] }),
        ],
      }),
    );
    expect(freshnessByKind(model)).toEqual([
      { kind: "rain-gauge", live: 1, stale: 1, missing: 1, newest: NOON - 60 },
    ]);
  });
});

describe("a thing that was taken away", () => {
  const gone = { id: "rain-muong-ang-01", removed: true } as Thing;

  it("is not brought back by its last words, late or read again", () => {
    model.apply(snapshot({ things: [thing()] }));
    const before = new Set(model.gone.keys());
    model.apply({ kind: "thing", seq: 6, at: iso(NOON), data: gone });
    const data = { "rain-muong-ang-01/rainfall": [NOON - 1, 3, "good"] as Observation };
    model.apply({ kind: "values", at: iso(NOON), data });
    model.mergeAnswer([thing()], before);
    expect(model.things.size).toBe(0);
  });

  it("is there again when it speaks or is described again", () => {
    model.apply(snapshot({ things: [thing()] }));
    model.apply({ kind: "thing", seq: 6, at: iso(NOON), data: gone });
    const data = { "rain-muong-ang-01/rainfall": [NOON + 5, 3, "good"] as Observation };
    model.apply({ kind: "values", at: iso(NOON + 5), data });
    expect(model.things.get(gone.id)?.described).toBe(false);
    model.apply({ kind: "thing", seq: 7, at: iso(NOON + 6), data: thing() });
    expect(model.things.get(gone.id)?.described).toBe(true);
    model.mergeAnswer([thing()], new Set());
    expect(model.things.size).toBe(1);
  });
});

describe("a thing that an answer tells before the stream does", () => {
  it("is new to the wall once a snapshot has told what there was", () => {
    model.mergeAnswer([thing()], new Set());
    expect(newestThings(model, 4)).toEqual([]);
    model.apply(snapshot({ things: [thing()] }));
    const other = thing({ id: "snow-01" });
    model.mergeAnswer([thing(), other], new Set());
    model.apply({ kind: "thing", seq: 9, at: iso(NOON), data: other });
    expect(newestThings(model, 4).map(({ id }) => id)).toEqual(["snow-01"]);
  });
});

describe("the alerts that are over", () => {
  const over = (n: number) =>
    alert({ id: `a${n}`, version: 2, state: "normal", closed_at: iso(NOON + n) });

  it("are kept, the last first, and no more than some", () => {
    for (let n = 0; n < 100; n += 1) model.setAlert(over(n));
    expect(model.alerts.size).toBe(0);
    expect(model.closed.size).toBe(MOST_CLOSED);
    expect(recentAlerts(model)[0]?.id).toBe("a99");
  });

  it("are not opened by an older word of them", () => {
    model.setAlert(over(1));
    model.setAlert(alert({ id: "a1", version: 1 }));
    expect(model.alerts.size).toBe(0);
    expect(model.closed.size).toBe(1);
  });
});

describe("the newest things", () => {
  it("are those that appeared while the wall looked on, the last first", () => {
    model.apply(snapshot({ things: [thing()] }));
    model.apply({ kind: "thing", seq: 6, at: iso(NOON), data: thing({ id: "one" }) });
    model.apply({ kind: "thing", seq: 7, at: iso(NOON), data: thing({ id: "two" }) });
    expect(newestThings(model, 5).map((one) => one.id)).toEqual(["two", "one"]);
  });

  it("still name a hand-made thing after a reload, by its origin", () => {
    model.apply(snapshot({ things: [thing(), thing({ id: "mine", origin: "real" })] }));
    expect(newestThings(model, 5).map((one) => one.id)).toEqual(["mine"]);
  });
});
