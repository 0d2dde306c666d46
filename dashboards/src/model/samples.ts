/** Small whole objects for tests: what the contract's shapes look like, with what a test changes. */

import type { Alert, Datastream, Indicator, Site, Thing } from "./shapes";

/** 2026-11-22T07:00:00+07:00, as good a now as any. */
export const NOON = 1_795_305_600;

export function iso(time: number): string {
  return new Date(time * 1000).toISOString();
}

export function datastream(change: Partial<Datastream> = {}): Datastream {
  return {
    name: "rainfall",
    unit: "mm/h",
    period: 600,
    last: [NOON - 60, 12.4],
    quality: "good",
    levels: [],
    ...change,
  };
}

export function thing(change: Partial<Thing> = {}): Thing {
  return {
    id: "rain-muong-ang-01",
    area: "muong-ang",
    kind: "rain-gauge",
    name: { vi: "Trạm mưa Mường Ảng", en: "Muong Ang rain gauge" },
    location: [103.25, 21.52],
    origin: "simulated",
    described: true,
    status: "online",
    via: null,
    datastreams: [datastream()],
    ...change,
  };
}

export function alert(change: Partial<Alert> = {}): Alert {
  return {
    id: "a1",
    version: 1,
    seq: 10,
    rule: "rain-heavy",
    thing: "rain-muong-ang-01",
    datastream: "rainfall",
    area: "muong-ang",
    severity: 3,
    condition: "active",
    state: "unacknowledged",
    shelved_until: null,
    suppressed_by: null,
    origin: "simulated",
    history: false,
    raised_at: iso(NOON - 300),
    detected_at: iso(NOON - 299),
    cleared_at: null,
    closed_at: null,
    reason: null,
    value: 52.4,
    limit: 50,
    unit: "mm/h",
    message: { vi: "Mưa rất to", en: "Very heavy rain" },
    response: { vi: "Gọi trực ban", en: "Call the duty officer" },
    incident: null,
    steps: [],
    ...change,
  };
}

export function indicator(change: Partial<Indicator> = {}): Indicator {
  return {
    id: "dossiers-on-time",
    area: "province",
    name: { vi: "Hồ sơ đúng hạn", en: "Dossiers on time" },
    value: 96.63,
    unit: "%",
    target: 95,
    direction: "up",
    standing: "on-target",
    previous: 96.2,
    period: [iso(NOON - 86_400), iso(NOON)],
    coverage: 0.98,
    oldest_input: iso(NOON - 900),
    owner: "Văn phòng UBND tỉnh",
    source: null,
    origin: "simulated",
    ...change,
  };
}

export function site(change: Partial<Site> = {}): Site {
  return {
    id: "dien-bien",
    name: { vi: "Tỉnh Điện Biên", en: "Dien Bien Province" },
    origin: "simulated",
    timezone: "Asia/Ho_Chi_Minh",
    clock: { epoch: iso(NOON), start: iso(NOON), speed: 1, paused: false, now: iso(NOON) },
    locales: ["vi", "en"],
    areas: [
      {
        id: "muong-ang",
        code: "102",
        name: { vi: "Huyện Mường Ảng", en: "Muong Ang District" },
        level: "district",
        parent: "province",
        location: [103.25, 21.52],
        geometry: null,
      },
    ],
    boards: [],
    rules: [],
    words: {},
    ...change,
  };
}
