import { describe, expect, it } from "vitest";
import { farLayout, fileLayout, type Layout } from "./layout";
import type { Board } from "./shapes";

const panel = (id: string, type: string, x: number, y: number) => ({ id, type, x, y, w: 3, h: 2 });

const board: Board = {
  id: "wall",
  title: { vi: "Toàn cảnh" },
  panels: [
    ...Array.from({ length: 8 }, (_, n) => panel(`i${n}`, "indicator", 3 * n, 0)),
    panel("rain", "chart", 0, 2),
    panel("map", "map", 6, 2),
    panel("alerts", "alerts", 17, 2),
  ],
};

function overlapping(layout: Layout): boolean {
  const taken = new Set<string>();
  for (const { x, y, w, h } of layout.places) {
    for (let column = x; column < x + w; column += 1) {
      for (let row = y; row < y + h; row += 1) {
        const cell = `${column},${row}`;
        if (taken.has(cell) || column >= layout.columns || row >= layout.rows) return true;
        taken.add(cell);
      }
    }
  }
  return false;
}

describe("a board's layout", () => {
  it("is its file's", () => {
    const layout = fileLayout(board);
    expect([layout.columns, layout.rows]).toEqual([24, 14]);
    expect(layout.places[9]).toMatchObject({ x: 6, y: 2, config: { id: "map" } });
    expect(overlapping(layout)).toBe(false);
  });

  it("for a far seat keeps indicators, map and alerts, none over another", () => {
    const layout = farLayout(board);
    const ids = layout.places.map((place) => place.config.id);
    expect(ids).toEqual([...Array.from({ length: 8 }, (_, n) => `i${n}`), "map", "alerts"]);
    expect(overlapping(layout)).toBe(false);
  });

  it("for a far seat shows something of a board that has none of these", () => {
    const layout = farLayout({ ...board, panels: [panel("rain", "chart", 0, 0)] });
    expect(layout.places.map((place) => place.config.id)).toEqual(["rain"]);
    expect(overlapping(layout)).toBe(false);
  });
});

describe("a hole that a shared board leaves", () => {
  it("comes of what is for people only, on a public screen", () => {
    const two = [panel("tasks", 0, 7, 24, 7), panel("map", 0, 0, 24, 7)];
    const shared: Board = {
      ...board,
      panels: [{ ...two[0], type: "tasks" } as never, two[1] as never],
    };
    expect(fileLayout(shared).places).toHaveLength(2);
    expect(fileLayout(shared, true).places).toMatchObject([{ config: { id: "map" }, h: 14 }]);
  });

  const panel = (id: string, x: number, y: number, w: number, h: number) => ({
    id,
    type: "note",
    x,
    y,
    w,
    h,
  });

  it("is taken by the panels beside it, so that no place of a wall is empty", () => {
    const board = {
      id: "b",
      title: {},
      columns: 4,
      rows: 4,
      panels: [panel("left", 0, 0, 1, 4), panel("low", 2, 2, 2, 2)],
    };
    const { places } = fileLayout(board);
    expect(places.map(({ x, y, w, h }) => [x, y, w, h])).toEqual([
      [0, 0, 2, 4],
      [2, 0, 2, 4],
    ]);
  });

  it("changes nothing where there is none", () => {
    const panels = [panel("a", 0, 0, 2, 2), panel("b", 2, 0, 2, 2)];
    const { places } = fileLayout({ id: "b", title: {}, columns: 4, rows: 2, panels });
    expect(places.map(({ x, y, w, h }) => [x, y, w, h])).toEqual([
      [0, 0, 2, 2],
      [2, 0, 2, 2],
    ]);
  });
});
