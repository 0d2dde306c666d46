import { beforeEach, describe, expect, it, vi } from "vitest";
import { Model } from "./model/model";
import { datastream, iso, NOON, thing } from "./model/samples";
import type { Observation } from "./model/shapes";
import { Painter, type View } from "./store";

let model: Model;
let painter: Painter;

beforeEach(() => {
  model = new Model();
  painter = new Painter(
    model,
    () => ({ model }) as View,
    () => {},
  );
  model.mergeThings([
    thing({ id: "rain-1", kind: "rain-gauge" }),
    thing({ id: "river-1", kind: "river-gauge", datastreams: [datastream({ name: "level" })] }),
  ]);
});

function painted(kinds?: readonly string[]): () => number {
  const paint = vi.fn();
  painter.add({}, ["things", "values"], paint, kinds);
  painter.now();
  paint.mockClear();
  return () => {
    painter.now();
    return paint.mock.calls.length;
  };
}

function say(...keys: string[]): void {
  const data = Object.fromEntries(keys.map((key) => [key, [NOON, 2, "good"] as Observation]));
  model.apply({ kind: "values", at: iso(NOON), data });
}

describe("a panel of things of one kind", () => {
  it("is painted for the values of its kind, and not for those of others", () => {
    const [rain, river, all] = [painted(["rain-gauge"]), painted(["river-gauge"]), painted()];
    say("river-1/level");
    expect([rain(), river(), all()]).toEqual([0, 1, 1]);
    say("rain-1/rainfall", "river-1/level");
    expect([rain(), river(), all()]).toEqual([1, 2, 2]);
  });

  it("is painted for whatever may have changed any thing", () => {
    const rain = painted(["rain-gauge"]);
    model.mergeThings([thing({ id: "river-2", kind: "river-gauge" })]);
    expect(rain()).toBe(1);
    expect(model.thingsOf("river-gauge").map(({ id }) => id)).toEqual(["river-1", "river-2"]);
    model.apply({ kind: "snapshot", seq: 5, data: { things: [] } });
    expect(rain()).toBe(2);
    expect(model.thingsOf("river-gauge")).toEqual([]);
  });

  it("misses nothing when there are more kinds than the wall tells apart", () => {
    const many = Array.from({ length: 1_500 }, (_, n) => thing({ id: `t-${n}`, kind: `k-${n}` }));
    model.mergeThings(many);
    const first = painted(["k-0"]);
    say("t-0/rainfall", ...many.slice(1).map(({ id }) => `${id}/rainfall`));
    expect(first()).toBe(1);
  });
});
