import { beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../api";
import { Model } from "../model/model";
import { alert, indicator, iso, NOON, thing } from "../model/samples";
import type { Snapshot } from "../model/shapes";
import { addressOf, localMoment, readMoment, speedOf, writeMoment } from "./moment";
import { Past, type PastAnswer } from "./past";

describe("a moment in an address", () => {
  it.each([
    ["2026-11-22T14:00:00+07:00", "2026-11-22T07:00:00.000Z"],
    ["2026-11-22T14:00:00 07:00", "2026-11-22T07:00:00.000Z"],
    ["2026-11-22T14:00", "2026-11-22T07:00:00.000Z"],
    ["2026-11-22T07:00:00Z", "2026-11-22T07:00:00.000Z"],
  ])("%s is read as %s", (text, utc) => {
    expect(readMoment(text, 0)).toBe(Date.parse(utc) / 1000);
  });

  it.each([
    ["now-5m", 300],
    ["-1h", 3600],
    ["now-7d", 604_800],
  ])("%s is %d seconds before now", (text, before) => {
    expect(readMoment(text, NOON)).toBe(NOON - before);
  });

  it.each(["", "yesterday", "now", "-1y", "12:00", "<b>", "2026-99-99T00:00"])(
    "%s is none",
    (text) => {
      expect(readMoment(text, NOON)).toBeNaN();
    },
  );

  it("is written in the site's time, and read again the same", () => {
    expect(writeMoment(1_795_332_600)).toBe("2026-11-22T14:30:00+07:00");
    expect(readMoment(localMoment(NOON), 0)).toBe(NOON);
  });

  it("keeps all else an address says, but takes no turns", () => {
    const address = addressOf("?board=wall&screen=main&lang=en", 1_795_332_600, 60);
    const query = new URLSearchParams(address.split("?")[1]);
    expect(Object.fromEntries(query)).toEqual({
      board: "wall",
      lang: "en",
      at: "2026-11-22T14:30:00+07:00",
      speed: "60",
    });
    expect(addressOf(`?${query}`, null)).toContain("?board=wall&lang=en");
    expect(speedOf("7")).toBe(1);
  });
});

describe("a wall in the past", () => {
  let model: Model;
  let asked: number[];
  let timers: (() => void)[];
  let time: number;
  let moves: (number | null)[][];
  let answer: (at: number) => Promise<PastAnswer>;
  let past: Past;

  const told = (at: number, data: Partial<Snapshot> = {}): PastAnswer => ({
    at: iso(at),
    data: { things: [thing()], alerts: [], indicators: [], incidents: [], tasks: [], ...data },
    past: { exact: true },
  });

  beforeEach(() => {
    model = new Model();
    asked = [];
    timers = [];
    moves = [];
    time = 0;
    answer = async (at) => told(at);
    past = new Past(
      model,
      {
        ask: async (at) => {
          asked.push(at);
          return [await answer(at), []];
        },
        changed: () => {},
        moved: (at, speed) => moves.push([at, speed]),
        refused: () => {},
        now: () => time,
        later: (run) => {
          timers.push(run);
          return () => {
            timers = timers.filter((one) => one !== run);
          };
        },
      },
      NOON,
      60,
    );
  });

  const settled = () => new Promise((resolve) => setTimeout(resolve));

  it("shows a moment and stays at it", async () => {
    past.begin(false);
    await settled();
    expect(asked).toEqual([NOON]);
    expect(model.now).toBe(NOON);
    expect(timers).toEqual([]);
    expect(moves).toEqual([[NOON, null]]);
  });

  it("plays by its speed for as long as an answer and the pause took", async () => {
    past.begin(true);
    await settled();
    time = 1_500;
    timers.shift()?.();
    await settled();
    expect(asked).toEqual([NOON, NOON + 90]);
    past.turnPlaying();
    expect(timers).toEqual([]);
    expect(moves.at(-1)).toEqual([NOON + 90, null]);
  });

  it("shows the same picture of a moment whatever was shown before", async () => {
    const later = { alerts: [alert({ version: 9 }), alert({ id: "a2" })] };
    answer = async (at) =>
      at === NOON ? told(at, { alerts: [alert()], indicators: [indicator()] }) : told(at, later);
    past.begin(false);
    await settled();
    const before = structuredClone([...model.alerts.values(), ...model.indicators.values()]);
    past.seek(NOON + 600);
    await settled();
    expect(model.alerts.size).toBe(2);
    past.seek(NOON);
    await settled();
    expect([...model.alerts.values(), ...model.indicators.values()]).toEqual(before);
  });

  it("lets an answer go that comes when another moment is wanted", async () => {
    const waiting: ((answer: PastAnswer) => void)[] = [];
    answer = () => new Promise((resolve) => waiting.push(resolve));
    past.begin(false);
    past.seek(NOON - 3600);
    waiting[1]?.(told(NOON - 3600));
    await settled();
    waiting[0]?.(told(NOON));
    await settled();
    expect(model.now).toBe(NOON - 3600);
  });

  it("stops at the end of what there is, and says why", async () => {
    answer = async () => {
      throw new Problem(422, "at is still to come", "", null);
    };
    past.begin(true);
    await settled();
    expect(past.playing).toBe(false);
    expect(past.problem?.status).toBe(422);
    expect(timers).toEqual([]);
  });

  it("goes on by itself after a server that was away", async () => {
    answer = async () => {
      throw new Problem(503, "away", "", null);
    };
    past.begin(true);
    await settled();
    expect(timers).toHaveLength(1);
  });

  it("steps by a minute at least, and stands still then", async () => {
    past.begin(true);
    await settled();
    past.step(-1);
    await settled();
    expect(asked.at(-1)).toBe(NOON - 60);
    expect(past.playing).toBe(false);
    past.setSpeed(600);
    past.step(1);
    expect(past.at).toBe(NOON + 540);
  });
});
