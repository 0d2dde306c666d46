import { beforeEach, describe, expect, it } from "vitest";
import { alert, thing } from "./model/samples";
import type { Board } from "./model/shapes";
import { boardFor, CHOSEN_FOR, Rotation, TAKEN_FOR, takes, turnsOf } from "./rotation";

const board = (id: string, screens: string[], panels: object[] = []): Board => ({
  id,
  title: {},
  screens,
  seconds: 30,
  panels: panels.map((panel, n) => ({
    id: `p${n}`,
    type: "map",
    x: 0,
    y: n,
    w: 1,
    h: 1,
    ...panel,
  })),
});

const BOARDS = [
  board("overview", ["main"]),
  board("hazards", ["main", "hazards"], [{ type: "levels", kind: "rain-gauge" }]),
  board("alerts", ["main"], [{ type: "alerts" }]),
  board("review", []),
];

let shown: string[];
let rotation: Rotation;

beforeEach(() => {
  shown = [];
  rotation = new Rotation("overview", (id) => shown.push(id));
  rotation.begin(turnsOf(BOARDS, "main"), 0);
});

describe("a screen", () => {
  it("shows its boards in turn, each its time, and begins again", () => {
    for (let now = 0; now <= 95; now += 1) rotation.tick(now);
    expect(shown).toEqual(["hazards", "alerts", "overview"]);
  });

  it("has only the boards that name it", () => {
    expect(turnsOf(BOARDS, "hazards").map((turn) => turn.board)).toEqual(["hazards"]);
    expect(turnsOf(BOARDS, null)).toEqual([]);
  });

  it("stands still while it is paused, and goes on with a whole turn", () => {
    rotation.pause(10);
    for (let now = 10; now <= 500; now += 1) rotation.tick(now);
    expect(shown).toEqual([]);
    rotation.pause(500);
    rotation.tick(529);
    expect(shown).toEqual([]);
    rotation.tick(530);
    expect(shown).toEqual(["hazards"]);
  });

  it("leaves a board a person chose for a while", () => {
    rotation.choose("review", 10);
    rotation.tick(9 + CHOSEN_FOR);
    expect(shown).toEqual([]);
    rotation.tick(10 + CHOSEN_FOR);
    expect(shown).toEqual(["overview"]);
  });
});

describe("an alert of level 4 or 5", () => {
  it("takes the screen for a while, and the board that stood there comes back", () => {
    rotation.take("a1", "hazards", 10);
    expect(rotation.taken).toBe("a1");
    rotation.tick(9 + TAKEN_FOR);
    expect(shown).toEqual(["hazards"]);
    rotation.tick(10 + TAKEN_FOR);
    expect(shown).toEqual(["hazards", "overview"]);
    expect(rotation.taken).toBeNull();
  });

  it("takes it even while the rotation is paused", () => {
    rotation.pause(0);
    rotation.take("a1", "hazards", 10);
    rotation.tick(10 + TAKEN_FOR);
    expect(shown).toEqual(["hazards", "overview"]);
  });

  it("followed by another comes back to what stood before the first", () => {
    rotation.take("a1", "hazards", 10);
    rotation.take("a2", "alerts", 20);
    rotation.tick(20 + TAKEN_FOR);
    expect(shown).toEqual(["hazards", "alerts", "overview"]);
  });

  it("takes it only while it is new, of now and nobody's", () => {
    expect(takes(alert({ severity: 4 }))).toBe(true);
    expect(takes(alert({ severity: 3 }))).toBe(false);
    expect(takes(alert({ severity: 5, state: "acknowledged" }))).toBe(false);
    expect(takes(alert({ severity: 5, history: true }))).toBe(false);
    expect(takes(alert({ severity: 5, suppressed_by: "maintenance" }))).toBe(false);
  });

  it("is shown on the board of its kind, else on that of the alerts", () => {
    expect(boardFor(BOARDS, alert(), thing())).toBe("hazards");
    expect(boardFor(BOARDS, alert({ thing: "x" }), undefined)).toBe("alerts");
  });
});
