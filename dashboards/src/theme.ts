/**
 * Dark, light, or printed: which of the colours of `styles/tokens.css` stand, and what they are
 * for whoever draws on a canvas and cannot write `var(--…)`.
 */

export type Theme = "dark" | "light";

const KEY = "ioc.theme";

/** The theme of a wish; dark unless it says light. */
export function themeOf(wish: string | null | undefined): Theme {
  return wish === "light" ? "light" : "dark";
}

/** The theme the page stands in. */
export function theme(): Theme {
  return themeOf(document.documentElement.dataset.theme);
}

/** Stand in a theme from now on. */
export function setTheme(wanted: Theme): void {
  document.documentElement.dataset.theme = wanted;
}

/** Remember a person's choice on this screen. */
export function keepTheme(chosen: Theme): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // A kiosk may forbid storage; the choice then lasts as long as the page.
  }
}

export function keptTheme(): Theme {
  try {
    return themeOf(localStorage.getItem(KEY));
  } catch {
    return "dark";
  }
}

/**
 * What a token is worth in the theme that stands, e.g. `colour("--text")`.
 *
 * @param alpha - in hexadecimal, for a colour that lets the ground through: `"33"`.
 */
export function colour(token: `--${string}`, alpha = ""): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  return value ? value + alpha : "currentcolor";
}

/** How many lines a chart can tell apart. */
export const SERIES = 6;

/** The token of a chart's nth line, from 0. */
export function series(index: number): `--${string}` {
  return `--series-${(index % SERIES) + 1}`;
}
