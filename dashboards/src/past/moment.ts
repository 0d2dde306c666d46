/** Moments of the past in an address and in a field: read, written, and nothing else. */

const MINUTE = 60;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE };
/** Vietnam keeps one time the whole year. */
const ZONE = "+07:00";
const ZONE_MS = 7 * 3600 * 1000;

/** How fast the past is played: seconds of the site in one of ours. */
export const SPEEDS = [1, 60, 600] as const;
export type Speed = (typeof SPEEDS)[number];
/** What the buttons go back by. */
export const BACK = ["5m", "1h", "24h", "7d"] as const;

/**
 * Read a moment of an address, in seconds since 1970; NaN for what is none.
 *
 * @param text - `2026-11-22T14:00:00+07:00`, or `now-1h` (`-1h`) before `now`; m, h and d are known.
 */
export function readMoment(text: string, now: number): number {
  const back = /^(?:now)?-(\d{1,6})([mhd])$/.exec(text);
  if (back) return now - Number(back[1]) * (UNITS[back[2] as string] as number);
  // A plus that an address turned into a space; a time without offset is the site's.
  const fixed = text.trim().replace(/ (\d\d:?\d\d)$/, "+$1");
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(fixed)) return Number.NaN;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(fixed) ? fixed : fixed + ZONE;
  return Date.parse(zoned) / 1000;
}

/** Seconds of `5m`, `1h`, `24h`, `7d`. */
export function lasting(text: string): number {
  return -readMoment(`-${text}`, 0);
}

/** A moment in the site's time, as an address has it. */
export function writeMoment(at: number): string {
  return localMoment(at) + ZONE;
}

/** A moment in the site's time without its offset, as a field has it. */
export function localMoment(at: number): string {
  return new Date(at * 1000 + ZONE_MS).toISOString().slice(0, 19);
}

export function speedOf(text: string | null): Speed {
  return SPEEDS.find((one) => String(one) === text) ?? 1;
}

/** The address of a moment of the past, or of now, with all else an address says but its turns. */
export function addressOf(search: string, at: number | null, speed: Speed | null = null): string {
  const query = new URLSearchParams(search);
  query.delete("at");
  query.delete("speed");
  if (at !== null) {
    query.delete("screen");
    query.set("at", writeMoment(at));
  }
  if (speed !== null) query.set("speed", String(speed));
  return `${location.pathname}?${query}`;
}
