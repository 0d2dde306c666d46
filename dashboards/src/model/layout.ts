/** Where a board's panels stand: as its file says, or fewer and larger for a far seat. */

import type { Board, PanelConfig } from "./shapes";

export interface Place {
  config: PanelConfig;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Layout {
  columns: number;
  rows: number;
  places: Place[];
}

const COLUMNS = 24;
const ROWS = 14;
const FAR_COLUMNS = 12;
const FAR_ROWS = 8;
const FAR_TILES = 8;

/** What is told to people only: on a screen in a public room it would say nothing but that. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(["tasks", "records"]);

/**
 * The board as its file has it. Where a shared board leaves a hole, because a site has nothing of
 * what would stand there or the screen is a public one, the panels beside it grow into it: a wall
 * has no empty places.
 */
export function fileLayout(board: Board, open = false): Layout {
  const columns = board.columns ?? COLUMNS;
  const rows = board.rows ?? ROWS;
  const places = board.panels
    .filter(({ type }) => !(open && FOR_PEOPLE.has(type)))
    .map((config) => {
      const { x, y, w, h } = config;
      return { config, x, y, w, h };
    });
  // Tables and maps first: a number's tile gains nothing by height.
  const wide = places.filter(({ config }) => config.type !== "indicator");
  for (const place of [...wide, ...places]) {
    const free = (x: number, y: number) =>
      x >= 0 && y >= 0 && x < columns && y < rows && !places.some((one) => covers(one, x, y));
    const along = (size: number) => Array.from({ length: size }, (_, n) => n);
    const side = (x: number) => along(place.h).every((n) => free(x, place.y + n));
    const edge = (y: number) => along(place.w).every((n) => free(place.x + n, y));
    while (side(place.x + place.w)) place.w += 1;
    while (side(place.x - 1)) {
      place.x -= 1;
      place.w += 1;
    }
    if (place.config.type === "indicator") continue;
    while (edge(place.y + place.h)) place.h += 1;
    while (edge(place.y - 1)) {
      place.y -= 1;
      place.h += 1;
    }
  }
  return { columns, rows, places };
}

function covers(place: Place, x: number, y: number): boolean {
  return x >= place.x && x < place.x + place.w && y >= place.y && y < place.y + place.h;
}

/**
 * The board for a room whose farthest seat needs letters larger than its design: what must be
 * read from there (indicators, the map, the alerts) in large tiles, the rest left to nearer
 * screens. A board without these shows its first two panels.
 */
export function farLayout(board: Board): Layout {
  const tiles = board.panels.filter((panel) => panel.type === "indicator").slice(0, FAR_TILES);
  const wide = board.panels.filter((panel) => panel.type === "map" || panel.type === "alerts");
  const below = (wide.length ? wide : board.panels.filter((one) => !tiles.includes(one))).slice(
    0,
    2,
  );
  const rows = Math.ceil(tiles.length / 4) * 2;
  const places: Place[] = tiles.map((config, index) => ({
    config,
    x: (index % 4) * 3,
    y: Math.floor(index / 4) * 2,
    w: 3,
    h: 2,
  }));
  for (const [index, config] of below.entries()) {
    const w = FAR_COLUMNS / below.length;
    places.push({ config, x: index * w, y: rows, w, h: FAR_ROWS - rows });
  }
  return { columns: FAR_COLUMNS, rows: FAR_ROWS, places };
}
