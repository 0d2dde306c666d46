/** How numbers, times and names are written. No DOM; the locale and the time zone are given. */

/** Longest name shown; what is longer is cut, with a sign that it was. */
const LONGEST_NAME = 120;

// Control characters; marks that turn the direction of writing; characters without width.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;

/**
 * Make a name from outside safe to show: one line, one form, nothing that hides or reverses text.
 *
 * Markup needs no care here: text only ever reaches the page as text.
 */
export function clean(name: string): string {
  const flat = name
    .slice(0, 20 * LONGEST_NAME)
    .normalize("NFC")
    .replaceAll(UNSEEN, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const letters = [...flat];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : flat;
}

/**
 * Leave out the word that more than half of the names begin or end with: among districts, "Huyện
 * Mường Chà" is Mường Chà, while "TP Điện Biên Phủ" keeps its word.
 */
export function distinct(names: readonly string[]): string[] {
  let words = names.map((name) => name.split(" "));
  for (const end of [0, -1]) {
    const counts = new Map<string, number>();
    for (const some of words) {
      const word = some.at(end) ?? "";
      if (some.length > 1) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const [common, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
    if (count * 2 <= names.length) continue;
    words = words.map((some) =>
      some.length > 1 && some.at(end) === common
        ? end === 0
          ? some.slice(1)
          : some.slice(0, -1)
        : some,
    );
  }
  const short = words.map((some) => some.join(" "));
  // Where two names would fall together, all stay whole.
  return new Set(short).size === new Set(names).size ? short : [...names];
}

/** From here on figures would fill a panel: they are written with an exponent. */
const HUGE = 1e10;

/** Decimals by unit where custom knows better than size: a river's level is read in centimetres. */
const DECIMALS: Record<string, number> = {
  m: 2,
  V: 1,
  "mm/h": 1,
  mm: 1,
  Cel: 1,
  "%": 1,
  "%RH": 0,
  hPa: 0,
  "km/h": 0,
  "veh/h": 0,
  ms: 0,
  "1": 0,
  "1/min": 0,
  people: 0,
};

/** How many decimals a value of a unit is worth; a whole number of a large size has none. */
export function decimals(value: number, unit: string, resolution?: number | null): number {
  if (resolution && resolution > 0) {
    return Math.min(3, Math.max(0, Math.ceil(-Math.log10(resolution) - 1e-9)));
  }
  const known = DECIMALS[unit];
  if (known !== undefined) return known;
  const size = Math.abs(value);
  return Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
}

/** How many decimals a computed number was given, at most two. */
export function given(...values: (number | null)[]): number {
  let most = 0;
  for (const value of values) {
    if (value === null) continue;
    const text = String(Number(value.toFixed(2)));
    const point = text.indexOf(".");
    if (point >= 0) most = Math.max(most, text.length - point - 1);
  }
  return most;
}

export class Format {
  private readonly numbers = new Map<number, Intl.NumberFormat>();
  private readonly signed = new Map<number, Intl.NumberFormat>();
  private readonly clockParts: Intl.DateTimeFormat;
  private readonly weekdays: Intl.DateTimeFormat;

  /** The site's time zone, as the browser knows it. */
  readonly zone: string;

  constructor(
    readonly locale: string,
    timezone: string,
  ) {
    const zone = knownZone(timezone);
    this.zone = zone;
    this.clockParts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    this.weekdays = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "long" });
  }

  /** `1234.5` as `1.234,5` in Vietnamese; a dash for what is no number. */
  number(value: number | null | undefined, places = 0): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    if (Math.abs(value) >= HUGE) return value.toExponential(2).replace("e+", "e");
    let format = this.numbers.get(places);
    if (!format) {
      format = new Intl.NumberFormat(this.locale, {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
      });
      this.numbers.set(places, format);
    }
    // Minus nought is nought to everybody but a computer.
    return format.format(Number(value.toFixed(places)) === 0 ? 0 : value);
  }

  /** A difference, with its sign. */
  difference(value: number, places = 0): string {
    let format = this.signed.get(places);
    if (!format) {
      format = new Intl.NumberFormat(this.locale, {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
        signDisplay: "exceptZero",
      });
      this.signed.set(places, format);
    }
    return format.format(value).replace("-", "−");
  }

  /** `14:20:05`; seconds since 1970 UTC in, the site's time zone out. */
  clock(time: number): string {
    const part = this.parts(time);
    return `${part.hour}:${part.minute}:${part.second}`;
  }

  /**
   * `14:20` on the day of `now`, else `21/11 14:20`.
   *
   * @param after - the beginning of the span `time` ends: its day is not said twice.
   */
  time(time: number, now: number, after: number = now): string {
    if (!Number.isFinite(time)) return "–";
    const part = this.parts(time);
    const today = this.parts(after);
    const clock = `${part.hour}:${part.minute}`;
    const sameDay =
      part.day === today.day && part.month === today.month && part.year === today.year;
    return sameDay ? clock : `${part.day}/${part.month} ${clock}`;
  }

  /** A mark of a chart's axis: the hour, or the day where a day begins. */
  axis(time: number): string {
    const part = this.parts(time);
    const clock = `${part.hour}:${part.minute}`;
    return clock === "00:00" ? `${part.day}/${part.month}` : clock;
  }

  /** `22/11/2026`. */
  date(time: number): string {
    const part = this.parts(time);
    return `${part.day}/${part.month}/${part.year}`;
  }

  weekday(time: number): string {
    return Number.isFinite(time) ? this.weekdays.format(time * 1000) : "–";
  }

  private parts(time: number): Record<string, string> {
    if (!Number.isFinite(time)) {
      return { year: "––––", month: "––", day: "––", hour: "––", minute: "––", second: "––" };
    }
    const parts = this.clockParts.formatToParts(time * 1000);
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  }
}

/** The time zone where the browser knows it, else Vietnam's: a wall without a clock is no wall. */
export function knownZone(timezone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return timezone;
  } catch {
    return "Asia/Ho_Chi_Minh";
  }
}

/** An age as the id of a message and its number: the largest unit it fills. */
export function age(secondsOld: number): { id: string; n: number } {
  const old = Math.max(0, secondsOld);
  if (old < 60) return { id: "wall-age-seconds", n: Math.floor(old) };
  if (old < 3600) return { id: "wall-age-minutes", n: Math.floor(old / 60) };
  if (old < 86_400) return { id: "wall-age-hours", n: Math.floor(old / 3600) };
  return { id: "wall-age-days", n: Math.floor(old / 86_400) };
}

/** Below this nothing can be read: the page scrolls instead of shrinking further. */
const SMALLEST_ROOT = 10;
/** Up to this width, where the page scrolls (narrow.css), letters are those of a page in the hand. */
const HAND_WIDTH = 960;
const HAND_ROOT = 15;

/** The root font's size on which the whole board fits: 120 by 67.5 root units. */
function designedSize(width: number, height: number): number {
  return Math.min(width / 120, height / 67.5);
}

/**
 * The size of the root font, from which every size of the wall follows.
 *
 * The wall is designed on 120 by 67.5 root units (1920 by 1080 at 16 px). Where the screen's
 * diagonal and the farthest seat are given, the smallest text (0.8125 of the root) must subtend 16
 * minutes of arc there: a height of capitals of 0.00465 of the distance (NUREG-0700).
 *
 * @param width - the viewport's, in CSS pixels; likewise `height`.
 * @param inches - the screen's diagonal; `distance` in metres.
 * @returns CSS pixels.
 */
export function rootSize(
  width: number,
  height: number,
  inches: number | null = null,
  distance: number | null = null,
): number {
  const smallest = width <= HAND_WIDTH ? HAND_ROOT : SMALLEST_ROOT;
  const least = Math.max(designedSize(width, height), smallest);
  if (!inches || !distance) return least;
  const pixelsPerMetre = Math.hypot(width, height) / (inches * 0.0254);
  const CAPITAL = 0.7;
  const SMALLEST = 0.8125;
  const seen = (0.00465 * distance * pixelsPerMetre) / (CAPITAL * SMALLEST);
  // Beyond half as large again even the far layout would not hold its words: better two screens.
  return Math.min(Math.max(least, seen), 1.5 * least);
}
