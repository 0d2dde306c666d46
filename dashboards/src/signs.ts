/**
 * The signs of the five severities: a colour, a shape and a figure each, so that no one of them
 * alone carries the meaning.
 *
 * The colours follow QĐ 18/2021/QĐ-TTg (blue, yellow, orange, red, violet). `signs.test.ts` keeps
 * them apart for normal and for colour-blind sight, and readable on the ground.
 */

export const GROUND = "#0B1622";

export interface Sign {
  readonly severity: number;
  readonly colour: string;
  /** An SVG path on a field of 24 by 24. */
  readonly path: string;
  /** Where the figure stands in the shape: its middle, from the top. */
  readonly middle: number;
}

export const SIGNS: readonly Sign[] = [
  { severity: 1, colour: "#40C8FF", middle: 12, path: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20z" },
  { severity: 2, colour: "#FFD60A", middle: 12, path: "M12 .8L23.2 12L12 23.2L.8 12z" },
  { severity: 3, colour: "#FF9500", middle: 15, path: "M12 1.2L23.4 22H.6z" },
  { severity: 4, colour: "#FF3B30", middle: 12, path: "M2.5 2.5h19v19h-19z" },
  {
    severity: 5,
    colour: "#B65CFF",
    middle: 13,
    path: "M12 0.7L16.3 6.9L23.6 9.1L19 15.2L19.2 22.8L12 20.3L4.8 22.8L5 15.2L0.4 9.1L7.7 6.9z",
  },
];

/** The sign of a severity; what is out of range takes the nearest. */
export function sign(severity: number): Sign {
  const index = Math.min(SIGNS.length, Math.max(1, Math.round(severity))) - 1;
  return SIGNS[index] as Sign;
}

/** Lines of a chart, in order: Okabe and Ito's set without those that are severities here. */
export const LINES: readonly string[] = [
  "#7CC4EF",
  "#2BC79A",
  "#E3A3C8",
  "#D9DEE4",
  "#8F9CF0",
  "#B7C77A",
];
