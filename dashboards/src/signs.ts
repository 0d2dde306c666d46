/**
 * The signs of the five severities: a shape and a figure each, and a colour by the style's tokens,
 * so that no one of them alone carries the meaning.
 *
 * The colours follow QĐ 18/2021/QĐ-TTg (blue, yellow, orange, red, violet). `styles/tokens.test.ts`
 * keeps them apart for normal and for colour-blind sight, and readable on both grounds.
 */

export interface Sign {
  readonly severity: number;
  /** An SVG path on a field of 24 by 24. */
  readonly path: string;
  /** Where the figure stands in the shape: its middle, from the top. */
  readonly middle: number;
}

export const SIGNS: readonly Sign[] = [
  { severity: 1, middle: 12, path: "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20z" },
  { severity: 2, middle: 12, path: "M12 .8L23.2 12L12 23.2L.8 12z" },
  { severity: 3, middle: 15, path: "M12 1.2L23.4 22H.6z" },
  { severity: 4, middle: 12, path: "M2.5 2.5h19v19h-19z" },
  {
    severity: 5,
    middle: 13,
    path: "M12 0.7L16.3 6.9L23.6 9.1L19 15.2L19.2 22.8L12 20.3L4.8 22.8L5 15.2L0.4 9.1L7.7 6.9z",
  },
];

/** The sign of a severity; what is out of range takes the nearest. */
export function sign(severity: number): Sign {
  const index = Math.min(SIGNS.length, Math.max(1, Math.round(severity))) - 1;
  return SIGNS[index] as Sign;
}
