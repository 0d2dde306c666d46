import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { App } from "./app";
import { Attendant } from "./attendant";
import { Format } from "./format";
import { Model } from "./model/model";
import { NOON, site } from "./model/samples";
import { Words } from "./words";

const DAY_MS = 24 * 3600 * 1000;
const NIGHT = NOON - 4 * 3600; // 03:00 in Vietnam

let clock: number;
let tick: () => void;
let now: number;
let person: unknown;
let reload: ReturnType<typeof vi.fn>;
let frames: (() => void)[];
let attendant: Attendant;

/** Put an attendant before a screen at an address. */
function stand(address: string): void {
  history.replaceState(null, "", address);
  const model = new Model();
  model.site = site();
  const words = new Words("vi");
  const app = {
    model,
    words,
    board: "wall",
    format: new Format("vi-VN", "Asia/Ho_Chi_Minh"),
    siteNow: () => now,
    get person() {
      return person;
    },
    changed: () => {},
    setBoard: () => {},
    go: () => {},
  };
  attendant = new Attendant(app as unknown as App, () => {});
}

/** Let a page paint, as a living one does. */
function paint(): void {
  for (const run of frames.splice(0)) run();
}

function pass(milliseconds: number, alive = true): void {
  for (let left = milliseconds; left > 0; left -= 20_000) {
    clock += 20_000;
    if (alive) paint();
    tick();
  }
}

beforeEach(() => {
  clock = 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  vi.stubGlobal("setInterval", (run: () => void) => {
    tick = run;
    return 0;
  });
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
  reload = vi.fn();
  vi.spyOn(location, "reload").mockImplementation(reload as () => void);
  now = NOON;
  person = null;
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a screen nobody attends", () => {
  it("reloads itself in the quiet hour after most of a day, and at no other hour", () => {
    stand("/?screen=main");
    pass(DAY_MS);
    expect(reload).not.toHaveBeenCalled();
    now = NIGHT;
    pass(20_000);
    expect(reload).toHaveBeenCalled();
  });

  it("does not reload in the quiet hour when it has only just begun", () => {
    now = NIGHT;
    stand("/?kiosk");
    pass(3600 * 1000);
    expect(reload).not.toHaveBeenCalled();
  });

  it("waits with the reload for whoever is logged in", () => {
    stand("/?screen=main");
    person = { username: "lan" };
    now = NIGHT;
    pass(DAY_MS);
    expect(reload).not.toHaveBeenCalled();
  });

  it("reloads itself when it has not painted for a minute", () => {
    stand("/?screen=main");
    pass(120_000);
    expect(reload).not.toHaveBeenCalled();
    pass(80_000, false);
    expect(reload).toHaveBeenCalled();
  });

  it("moves its picture a little, and comes back to where it was", () => {
    stand("/?kiosk");
    const places = new Set<string>();
    for (let step = 0; step < 12; step += 1) {
      pass(240_000);
      places.add(document.body.style.getPropertyValue("translate"));
    }
    expect(places.size).toBe(6);
    for (const place of places) {
      const shifts = place.split(" ").map(Number.parseFloat);
      expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(2);
    }
  });
});

it("leaves a desk alone: no reload, no shift", () => {
  document.body.style.removeProperty("translate");
  stand("/?board=wall");
  now = NIGHT;
  pass(DAY_MS, false);
  expect(reload).not.toHaveBeenCalled();
  expect(document.body.style.getPropertyValue("translate")).toBe("");
  expect(attendant.kiosk).toBe(false);
});
