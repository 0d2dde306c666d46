import { describe, expect, it } from "vitest";
import { Line, MOST_POINTS } from "./line";

describe("a line of a chart", () => {
  it("puts the stored past behind the live values it already has", () => {
    const line = new Line(3600, 0);
    line.add(1000, 5);
    line.add(1010, 6);
    line.setHistory([
      [990, 1, 2, 3, 4],
      [1000, 4, 5, 6, 4],
    ]);
    expect(line.times).toEqual([990, 1000, 1010]);
    expect(line.means).toEqual([2, 5, 6]);
    expect(line.maxs).toEqual([3, 6, 6]);
  });

  it("draws raw observations too, a bad one as a gap", () => {
    const line = new Line(3600, 0);
    line.setHistory([
      [1, 10, "good"],
      [2, 99, "bad"],
    ]);
    expect(line.means).toEqual([10, null]);
  });

  it("refuses what is not newer", () => {
    const line = new Line(3600, 0);
    expect(line.add(10, 1)).toBe(true);
    expect(line.add(10, 2)).toBe(false);
    expect(line.means).toEqual([1]);
  });

  it("is broken where observations were missing", () => {
    const line = new Line(3600, 30);
    line.add(0, 1);
    line.add(100, 2);
    expect(line.means).toEqual([1, null, 2]);
  });

  it("forgets what is older than its span, but for one point at the edge", () => {
    const line = new Line(100, 0);
    for (let time = 0; time <= 300; time += 50) line.add(time, time);
    line.trim(300);
    expect(line.times).toEqual([200, 250, 300]);
  });

  it("stays bounded however long it runs", () => {
    const line = new Line(1e9, 0);
    for (let time = 0; time < 2 * MOST_POINTS; time += 1) {
      line.add(time, 1);
      line.trim(time);
    }
    expect(line.times.length).toBeLessThanOrEqual(MOST_POINTS);
  });
});
