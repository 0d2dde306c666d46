/** Times people choose: in so many hours, in so many working days, or a time of the site's clock. */

const HOUR = 3600;

/** `2026-11-22T14:20`, as a field for a local time holds it; seconds since 1970 UTC in. */
export function toLocal(time: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(time * 1000);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The seconds of a local time of the site; null where it is none. */
export function fromLocal(text: string, zone: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const wanted = Date.parse(`${text.slice(0, 16)}Z`) / 1000;
  if (Number.isNaN(wanted)) return null;
  // The zone's distance from UTC is read off the guess; twice, for where it changes between.
  let time = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    time += wanted - Date.parse(`${toLocal(time, zone)}Z`) / 1000;
  }
  return time;
}

/**
 * What a choice of time adds to a request.
 *
 * @param name - the request's field, such as `until`.
 * @param choice - `now`, `h:2` in two hours, `d:2` in two working days, `at` the time told.
 * @param told - that time, local to the site.
 * @returns null where nothing sensible was chosen.
 */
export function chosenTime(
  name: string,
  choice: string,
  told: string,
  now: number,
  zone: string,
): Record<string, string | number> | null {
  if (choice === "now") return { [name]: new Date(now * 1000).toISOString() };
  const [unit, amount] = choice.split(":");
  const n = Number(amount);
  if (unit === "d" && n > 0) return { days: n };
  const time =
    unit === "h" && n > 0 ? now + n * HOUR : unit === "at" ? fromLocal(told, zone) : null;
  if (time === null || !(time > now)) return null;
  return { [name]: new Date(time * 1000).toISOString() };
}
