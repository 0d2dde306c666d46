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

/** The board as its file has it. */
export function fileLayout(board: Board): Layout {
  return {
    columns: board.columns ?? COLUMNS,
    rows: board.rows ?? ROWS,
    places: board.panels.map((config) => {
      const { x, y, w, h } = config;
      return { config, x, y, w, h };
    }),
  };
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
