import { describe, expect, it } from "vitest";
import { SIGNS, sign } from "../signs";
import { SERIES, series } from "../theme";
import beside from "./beside.css?raw";
import desk from "./console.css?raw";
import narrow from "./narrow.css?raw";
import page from "./page.css?raw";
import panels from "./panels.css?raw";
import print from "./print.css?raw";
import tokens from "./tokens.css?raw";

const STYLES = { beside, desk, narrow, page, panels, print };

/** The tokens that stand in a theme: those of every theme, then its own. */
function themed(theme: string): Map<string, string> {
  const found = new Map<string, string>();
  const bare = tokens.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  for (const [, selector, body] of bare.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const themes = [...(selector ?? "").matchAll(/data-theme="(\w+)"/g)].map((one) => one[1]);
    if (!selector?.includes(":root") || (themes.length && !themes.includes(theme))) continue;
    for (const [, name, value] of (body ?? "").matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
      found.set(name as string, long(value as string));
    }
  }
  return found;
}

function long(value: string): string {
  return /^#[0-9a-f]{3}$/i.test(value)
    ? `#${[...value.slice(1)].map((d) => d + d).join("")}`
    : value;
}

/** Measures that code sets on an element. */
const SET_BY_CODE = ["--print-zoom", "--columns", "--row", "--lines", "--deep"];

const THEMES = { dark: themed("dark"), light: themed("light") };

function token(theme: keyof typeof THEMES, name: string): string {
  const value = THEMES[theme].get(name);
  if (!value) throw new Error(`no token ${name} in the ${theme} theme`);
  return value;
}

type Triple = [number, number, number];

/** Full-severity sight deficiencies in linear RGB (Machado, Oliveira and Fernandes 2009). */
const SIGHTS: Record<string, [Triple, Triple, Triple]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

function times(row: Triple, [r, g, b]: Triple): number {
  return row[0] * r + row[1] * g + row[2] * b;
}

/** CIELAB under D65. */
function lab(colour: Triple): Triple {
  const curve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = curve(times([0.4124564, 0.3575761, 0.1804375], colour) / 0.95047);
  const y = curve(times([0.2126729, 0.7151522, 0.072175], colour));
  const z = curve(times([0.0193339, 0.119192, 0.9503041], colour) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seen(hex: string, sight: string): Triple {
  const rows = SIGHTS[sight] as [Triple, Triple, Triple];
  const colour = linear(hex);
  return lab(rows.map((row) => Math.min(1, Math.max(0, times(row, colour)))) as Triple);
}

function distance(a: string, b: string, sight: string): number {
  const one = seen(a, sight);
  const other = seen(b, sight);
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function least(colours: readonly string[], sight: string): number {
  const pairs = colours.flatMap((a, i) => colours.slice(i + 1).map((b) => [a, b] as const));
  return Math.min(...pairs.map(([a, b]) => distance(a, b, sight)));
}

function contrast(a: string, b: string): number {
  const light = (hex: string) => times([0.2126, 0.7152, 0.0722], linear(hex));
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe("the signs of the five severities", () => {
  const colours = SIGNS.map((one) => token("dark", `--severity-${one.severity}`));

  it.each([
    ["normal", 38],
    ["protan", 24],
    ["deutan", 15],
    ["tritan", 35],
  ])("stay apart for %s sight: no pair nearer than deltaE %d", (sight, floor) => {
    expect(least(colours, sight)).toBeGreaterThanOrEqual(floor);
  });

  it("gain a fifth colour that is no nearer to the four than these are to one another", () => {
    const four = colours.slice(0, 4);
    const disaster = colours[4] as string;
    for (const sight of Object.keys(SIGHTS)) {
      const own = Math.min(...four.map((colour) => distance(colour, disaster, sight)));
      expect(own, sight).toBeGreaterThan(least(four, sight));
    }
  });

  it("stand out from the dark ground by 5:1, and from the light one by an outline of 7:1", () => {
    for (const colour of colours) {
      expect(contrast(colour, token("dark", "--ground"))).toBeGreaterThanOrEqual(5);
    }
    for (const ground of ["--ground", "--tile", "--raised", "--area"]) {
      const edge = contrast(token("light", "--outline"), token("light", ground));
      expect(edge, ground).toBeGreaterThanOrEqual(7);
    }
  });

  it("carry their figure readably", () => {
    // The figure repeats what shape and label say; 4.5:1 is what text asks for.
    for (const colour of colours) {
      expect(contrast(token("dark", "--figure"), colour)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("have five different shapes", () => {
    expect(new Set(SIGNS.map((one) => one.path)).size).toBe(5);
  });

  it("take the nearest sign for a severity out of range", () => {
    expect(sign(9).severity).toBe(5);
    expect(sign(0).severity).toBe(1);
  });
});

describe.each(["dark", "light"] as const)("the %s theme", (theme) => {
  const grounds = ["--ground", "--tile", "--raised"];

  it("writes its text with 7:1 at least, on every ground", () => {
    for (const ground of grounds) {
      expect(contrast(token(theme, "--text"), token(theme, ground)), ground).toBeGreaterThanOrEqual(
        10,
      );
      const muted = contrast(token(theme, "--muted"), token(theme, ground));
      expect(muted, `muted on ${ground}`).toBeGreaterThanOrEqual(theme === "dark" ? 6.5 : 6.3);
    }
  });

  it("writes severities, links and marks with 4.5:1 at least", () => {
    for (const name of ["--ink-1", "--ink-2", "--ink-3", "--ink-4", "--ink-5", "--accent"]) {
      for (const ground of grounds) {
        const found = contrast(token(theme, name), token(theme, ground));
        expect(found, `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(token(theme, "--mark"), token(theme, "--tile"))).toBeGreaterThanOrEqual(4.5);
  });

  it("draws lines that stand out from the tile and are no severity's colour", () => {
    for (let index = 0; index < SERIES; index += 1) {
      const line = token(theme, series(index));
      expect(contrast(line, token(theme, "--tile")), line).toBeGreaterThanOrEqual(4.5);
      for (const { severity } of SIGNS) {
        const far = distance(line, token(theme, `--ink-${severity}`), "normal");
        expect(far, `${line} and severity ${severity}`).toBeGreaterThan(12);
      }
    }
  });
});

describe("every style", () => {
  it("takes its sizes of type from the scale", () => {
    for (const [name, css] of Object.entries(STYLES)) {
      const sizes = [...css.matchAll(/font-size:\s*([^;]+);/g)].map((one) => one[1] as string);
      const own = sizes.filter((size) => !size.startsWith("var(--type-"));
      // The figure inside a sign is drawn on the sign's own field of 24 units.
      expect(
        own.filter((size) => !["12.5px", "inherit"].includes(size)),
        name,
      ).toEqual([]);
    }
  });

  it("takes its colours from the tokens", () => {
    for (const [name, css] of Object.entries(STYLES)) {
      expect(css.match(/#[0-9a-f]{3,8}\b|rgba?\([^)]*\)/gi) ?? [], name).toEqual([]);
    }
  });

  it("uses only tokens that exist", () => {
    const known = new Set([...THEMES.dark.keys(), "--level", "--fill", ...SET_BY_CODE]);
    for (const [name, css] of Object.entries(STYLES)) {
      const used = [...css.matchAll(/var\((--[\w-]+)/g)].map((one) => one[1] as string);
      const own = [...css.matchAll(/(--[\w-]+):/g)].map((one) => one[1] as string);
      expect(
        used.filter((one) => !known.has(one) && !own.includes(one)),
        name,
      ).toEqual([]);
    }
    expect([...THEMES.light.keys()].sort()).toEqual([...THEMES.dark.keys()].sort());
  });
});
