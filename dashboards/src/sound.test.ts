import { beforeEach, describe, expect, it } from "vitest";
import { Model } from "./model/model";
import { alert } from "./model/samples";
import { AGAIN_S, FIGURES, MUTE_S, Sounds, type Tone } from "./sound";

const NOON = 12;
let played: { figure: readonly Tone[]; volume: number }[];
let player: { blocked: boolean; play(figure: readonly Tone[], volume: number): void };
let sounds: Sounds;

beforeEach(() => {
  played = [];
  player = { blocked: false, play: (figure, volume) => played.push({ figure, volume }) };
  sounds = new Sounds(player);
  sounds.on = true;
});

describe("the sound of an alert", () => {
  it("is another for each severity", () => {
    const figures = [1, 2, 3, 4, 5].map((severity) => JSON.stringify(FIGURES[severity]));
    expect(new Set(figures).size).toBe(5);
    for (const severity of [1, 2, 3, 4, 5] as const) {
      sounds.heard(alert({ severity }), severity, NOON);
    }
    expect(played.map((one) => one.figure)).toEqual([1, 2, 3, 4, 5].map((n) => FIGURES[n]));
  });

  it("is not made before somebody turned it on, nor where the browser forbids it", () => {
    sounds.on = false;
    sounds.heard(alert({ severity: 5 }), 0, NOON);
    sounds.on = true;
    player.blocked = true;
    sounds.heard(alert({ severity: 5 }), 0, NOON);
    expect(played).toEqual([]);
    expect(sounds.blocked).toBe(true);
  });

  it("is silenced for a while, which ends by itself and acknowledges nothing", () => {
    const model = new Model();
    const waiting = alert({ severity: 4 });
    model.setAlert(waiting);
    sounds.mute(0);
    sounds.heard(waiting, 1, NOON);
    sounds.tick(model, MUTE_S - 1, NOON);
    expect(played).toEqual([]);
    expect(model.alerts.get(waiting.id)?.state).toBe("unacknowledged");
    sounds.tick(model, MUTE_S + 1, NOON);
    expect(played).toHaveLength(1);
  });

  it("comes again while a severe one waits, and not for what was answered or is mild", () => {
    const model = new Model();
    model.setAlert(alert({ id: "mild", severity: 3 }));
    model.setAlert(alert({ id: "seen", severity: 5, state: "acknowledged" }));
    sounds.tick(model, 0, NOON);
    expect(played).toEqual([]);
    model.setAlert(alert({ id: "severe", severity: 4 }));
    sounds.tick(model, 1, NOON);
    sounds.tick(model, AGAIN_S - 1, NOON);
    expect(played).toHaveLength(1);
    sounds.tick(model, AGAIN_S + 2, NOON);
    expect(played).toHaveLength(2);
  });

  it("is softer at night", () => {
    sounds.heard(alert(), 0, NOON);
    sounds.heard(alert(), 1, 23);
    sounds.heard(alert(), 2, 3);
    const [day, ...night] = played.map((one) => one.volume) as [number, number, number];
    expect(Math.max(...night)).toBeLessThan(day);
  });

  it("is not made for what was judged from history", () => {
    sounds.heard(alert({ severity: 5, history: true }), 0, NOON);
    expect(played).toEqual([]);
  });
});
