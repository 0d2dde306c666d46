import { beforeEach, describe, expect, it, vi } from "vitest";
import { Format } from "../format";
import { Model, otherOrigins } from "../model/model";
import { alert, datastream, indicator, iso, NOON, site, thing } from "../model/samples";
import type { Alert, BusinessRecord, Incident, PanelConfig } from "../model/shapes";
import type { Actions, View } from "../store";
import { Words } from "../words";
import "../header";
import "./alerts";
import "./chart";
import "./freshness";
import "./indicator";
import "./indicators";
import "./map";
import { mapContent, separate } from "./map-content";
import { projection } from "./map-svg";
import "./newest";
import { PANEL_FAILED, type PanelElement } from "./panel";
import "./status";

const HOSTILE =
  '<img src=x onerror="alert(1)"></script><script>alert(2)</script>\u202Ejavascript:alert(3)';

let model: Model;
let actions: Actions;

beforeEach(() => {
  document.body.replaceChildren();
  model = new Model();
  model.site = site();
  model.apply({ kind: "hello", seq: 1, now: iso(NOON), site: "dien-bien", build: "1" });
  actions = {
    open: vi.fn(),
    acknowledge: vi.fn(),
    begin: vi.fn(),
    deeds: vi.fn(() => []),
    mayBegin: vi.fn(() => true),
    looked: vi.fn(),
    ask: vi.fn(() => ({ body: null, problem: null })),
    send: vi.fn(),
    history: vi.fn(async () => []),
  };
});

function view(lang = "vi"): View {
  const words = new Words(lang);
  return {
    model,
    words,
    format: new Format(words.locale, "Asia/Ho_Chi_Minh"),
    now: model.now,
    actions,
  };
}

async function shown(type: string, more: object = {}, lang = "vi"): Promise<PanelElement> {
  const panel = document.createElement(`ioc-panel-${type}`) as PanelElement & {
    updateComplete: Promise<boolean>;
  };
  const config = { id: type, type, x: 0, y: 0, w: 4, h: 4, title: { vi: "Ô", en: "Panel" } };
  panel.setConfig({ ...config, ...more } as PanelConfig);
  document.body.append(panel);
  panel.data = view(lang);
  await panel.updateComplete;
  return panel;
}

const words = (element: Element | null | undefined) =>
  element?.textContent?.replaceAll(/\s+/g, " ").trim();

describe("an indicator's tile", () => {
  it("says number, unit, standing in words, target, coverage and where it comes from", async () => {
    model.setIndicator(indicator());
    const panel = await shown("indicator", { indicator: "dossiers-on-time" });
    const tile = panel.querySelector("[data-indicator=dossiers-on-time]");
    expect(words(tile?.querySelector(".big"))).toBe("96,63 %");
    expect(words(tile?.querySelector(".standing"))).toContain("Đạt");
    expect(words(tile)).toContain("mục tiêu ≥ 95 %");
    expect(words(tile)).toContain("phủ 98 %");
    expect(words(tile)).toContain("minh họa");
    expect(tile?.querySelector(".trend")?.getAttribute("data-better")).toBe("true");
  });

  it("is marked when it is off its target", async () => {
    model.setIndicator(indicator({ value: 80, standing: "off-target" }));
    const panel = await shown("indicator", { indicator: "dossiers-on-time" });
    expect(panel.querySelector("[data-standing=off-target]")).not.toBeNull();
    expect(words(panel)).toContain("Không đạt");
  });

  it("says so while it cannot be computed, and is not empty", async () => {
    const panel = await shown("indicator", { indicator: "nothing-yet" });
    expect(words(panel)).toContain("Chưa tính được");
    expect(panel.querySelector("[data-indicator=nothing-yet]")).not.toBeNull();
  });

  it("refuses a configuration that names none, in a sentence", () => {
    const panel = document.createElement("ioc-panel-indicator") as PanelElement;
    const config = { id: "p", type: "indicator", x: 0, y: 0, w: 1, h: 1 };
    expect(() => panel.setConfig(config)).toThrow(/panel p: "indicator" is to be a word/);
  });
});

describe("the alerts", () => {
  it("stand with message, place, severity in words, state and a way to answer", async () => {
    model.setAlert(alert());
    const panel = await shown("alerts");
    const row = panel.querySelector("[data-alert=a1]");
    expect(words(row)).toContain("Mưa rất to");
    expect(words(row)).toContain("Huyện Mường Ảng");
    expect(words(row)).toContain("Cấp 3");
    expect(words(row)).toContain("Chờ xác nhận");
    row?.querySelector<HTMLButtonElement>("button.acknowledge")?.click();
    expect(actions.acknowledge).toHaveBeenCalledWith(expect.objectContaining({ id: "a1" }));
  });

  it("are answered by the key a, the most urgent first", async () => {
    model.setAlert(alert({ id: "low", severity: 1 }));
    model.setAlert(alert({ id: "high", severity: 5 }));
    await shown("alerts");
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    expect(actions.acknowledge).toHaveBeenCalledWith(expect.objectContaining({ id: "high" }));
  });

  it("blink only while they wait for an answer", async () => {
    model.setAlert(alert({ id: "waits" }));
    model.setAlert(alert({ id: "answered", state: "acknowledged" }));
    const panel = await shown("alerts");
    expect(panel.querySelector("[data-alert=waits] .blink")).not.toBeNull();
    expect(panel.querySelector("[data-alert=answered] .blink")).toBeNull();
    expect(panel.querySelector("[data-alert=answered] button.acknowledge")).toBeNull();
  });

  it("put only the rows in sight into the page in a flood", async () => {
    for (let n = 0; n < 5000; n += 1) model.setAlert(alert({ id: `a${n}` }));
    const panel = await shown("alerts");
    expect(panel.querySelectorAll("[data-alert]").length).toBeLessThan(40);
    expect(words(panel.querySelector(".aside"))).toContain("5.000");
  });

  it("say that there are none, and that none is over either", async () => {
    const panel = await shown("alerts");
    expect(words(panel)).toContain("Không có cảnh báo nào đang mở");
    expect(words(panel.querySelector(".recent"))).toContain("Chưa có cảnh báo nào kết thúc");
  });
});

describe("the alerts that are over", () => {
  const over = (change: Partial<Alert>) =>
    alert({
      condition: "cleared",
      state: "normal",
      version: 3,
      cleared_at: iso(NOON - 200),
      closed_at: iso(NOON - 100),
      steps: [{ at: iso(NOON - 100), by: "lan", step: "acknowledge", note: "bí mật" }],
      ...change,
    });

  it("stand below the open ones: when, where, how bad and how they ended", async () => {
    model.setAlert(alert({ id: "open" }));
    model.setAlert(over({ id: "done" }));
    model.setAlert(over({ id: "past", history: true, cleared_at: iso(NOON - 90_000) }));
    const panel = await shown("alerts");
    const rows = [...panel.querySelectorAll("[data-closed-alert]")];
    expect(rows.map((row) => row.getAttribute("data-closed-alert"))).toEqual(["done", "past"]);
    expect(words(rows[0])).toContain("Mưa rất to");
    expect(words(rows[0])).toContain("06:55–06:56 · Huyện Mường Ảng · tự hết, đã xác nhận");
    expect(words(rows[1])).toContain("xét lại từ số liệu cũ");
    expect(rows[0]?.querySelector("svg")?.getAttribute("aria-label")).toContain("Cấp 3");
    expect(rows[0]?.textContent).not.toContain("lan");
    (rows[0] as HTMLElement).click();
    expect(actions.open).toHaveBeenCalledWith({ alert: "done" });
  });

  it("have no colour, do not blink, wait for nobody and are in no count", async () => {
    model.setAlert(over({ id: "done", severity: 5 }));
    const panel = await shown("alerts");
    const row = panel.querySelector("[data-closed-alert]");
    expect(row?.querySelector("[fill], .blink, .acknowledge, [data-severity]")).toBeNull();
    expect(panel.querySelector("[data-alert]")).toBeNull();
    expect(words(panel.querySelector(".aside"))).toBe("");
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    expect(actions.acknowledge).not.toHaveBeenCalled();
  });

  it("give way to a flood of open ones", async () => {
    model.setAlert(over({ id: "done" }));
    for (let n = 0; n < 50; n += 1) model.setAlert(alert({ id: `a${n}` }));
    expect((await shown("alerts")).querySelector("[data-closed-alert]")).toBeNull();
  });
});

describe("what does not come from where the site's data do", () => {
  it("says so wherever it stands", async () => {
    const drill = thing({ id: "drill", kind: "service", origin: "exercise" });
    model.mergeThings([drill, thing({ id: "plain", kind: "service" })]);
    model.setAlert(alert({ thing: "drill", origin: "exercise" }));
    model.setIndicator(indicator({ origin: "exercise" }));
    const strip = document.createElement("ioc-strip") as PanelElement;
    document.body.append(strip);
    strip.data = view();
    for (const [panel, times] of [
      [strip, 1],
      [await shown("alerts"), 1],
      [await shown("status", { kind: "service" }), 1],
      [await shown("chart", { datastreams: ["drill/rainfall", "plain/rainfall"] }), 1],
      [await shown("indicator", { indicator: "dossiers-on-time" }), 1],
    ] as const) {
      const badges = [...panel.querySelectorAll(".origin")].map(words);
      expect(badges, panel.localName).toEqual(Array(times).fill("Diễn tập"));
    }
    expect(otherOrigins(model)).toEqual(["exercise"]);
  });
});

describe("a gateway", () => {
  it("is fine while it is there and off when it is not, with no data of its own", () => {
    model.mergeThings([thing({ id: "g", kind: "gateway", datastreams: [] })]);
    expect(mapContent(view()).things.map(({ mark }) => mark)).toEqual(["plain"]);
    model.mergeThings([thing({ id: "g", kind: "gateway", datastreams: [], status: "offline" })]);
    expect(mapContent(view()).things.map(({ mark }) => mark)).toEqual(["off"]);
  });
});

describe("names from outside", () => {
  it("are text on every panel: no element, no direction mark comes of them", async () => {
    const bad = { vi: HOSTILE, en: HOSTILE };
    const one = thing({ id: "evil", name: bad, origin: "real", kind: HOSTILE });
    one.datastreams = [datastream({ name: "x", unit: HOSTILE, label: bad })];
    model.apply({ kind: "thing", seq: 2, at: iso(NOON), data: one });
    model.setAlert(alert({ thing: "evil", message: bad, rule: HOSTILE }));
    model.setAlert(alert({ id: "over", message: bad, state: "normal", closed_at: iso(NOON) }));
    model.setIndicator(indicator({ unit: HOSTILE, source: HOSTILE }));
    const panels = [
      await shown("alerts"),
      await shown("newest"),
      await shown("freshness"),
      await shown("status", { kind: HOSTILE }),
      await shown("indicator", { indicator: "dossiers-on-time" }),
      await shown("indicators", { indicators: ["dossiers-on-time"] }),
    ];
    for (const panel of panels) {
      expect(panel.querySelector("img, script, a"), panel.localName).toBeNull();
      expect(panel.textContent, panel.localName).not.toContain("\u202E");
    }
    expect(words(panels[1])).toContain("<img src=x");
  });
});

describe("the things of a kind", () => {
  const service = (id: string, level: number, change: object = {}) =>
    thing({
      id,
      kind: "service",
      name: { vi: `Dịch vụ ${id}` },
      datastreams: [
        datastream({
          name: "status",
          unit: "",
          period: 30,
          last: [NOON - 5, level],
          levels: ["down", "degraded", "up"],
        }),
      ],
      ...change,
    });

  it("say what is amiss in words, and count the rest", async () => {
    model.mergeThings([service("a", 2), service("b", 0), service("c", 1)]);
    const panel = await shown("status", { kind: "service" });
    expect(words(panel.querySelector("[data-thing=b]"))).toContain("Ngừng");
    expect(panel.querySelector("[data-thing=b]")?.getAttribute("data-bad")).toBe("worst");
    expect(panel.querySelector("[data-thing=c]")?.getAttribute("data-bad")).toBe("partly");
    expect(words(panel.querySelector(".aside"))).toBe("1/3 tốt");
  });

  it("become marks where there are many, the troubled ones by name", async () => {
    const many = Array.from({ length: 18 }, (_, n) => service(`s${n}`, n === 7 ? 0 : 2));
    model.mergeThings(many);
    const panel = await shown("status", { kind: "service" });
    expect(panel.querySelectorAll(".status-mark")).toHaveLength(18);
    expect(words(panel.querySelector(".troubled"))).toContain("Dịch vụ s7");
  });

  it("show that a value is old", async () => {
    const old = service("old", 2);
    const [status] = old.datastreams;
    if (status) status.last = [NOON - 600, 2];
    model.mergeThings([old]);
    const panel = await shown("status", { kind: "service" });
    expect(panel.querySelector("[data-thing=old]")?.getAttribute("data-quality")).toBe("stale");
    expect(words(panel)).toContain("cũ 10 phút");
  });
});

describe("where nothing is new", () => {
  it("names who spoke last, of each kind one", async () => {
    model.mergeThings([
      thing({ id: "a", datastreams: [datastream({ last: [NOON - 90, 1] })] }),
      thing({ id: "b", datastreams: [datastream({ last: [NOON - 30, 2] })] }),
      thing({ id: "c", kind: "river-gauge" }),
    ]);
    const panel = await shown("newest");
    const named = [...panel.querySelectorAll("[data-thing]")].map((one) =>
      one.getAttribute("data-thing"),
    );
    expect(named).toEqual(["b", "c"]);
    expect(words(panel)).toContain("Vừa nhận số liệu");
  });
});

describe("a new thing", () => {
  it("stands with its value, unit, time and origin", async () => {
    model.apply({ kind: "thing", seq: 2, at: iso(NOON), data: thing({ origin: "real" }) });
    const panel = await shown("newest");
    const entry = panel.querySelector("[data-thing=rain-muong-ang-01]");
    expect(words(entry)).toContain("Số liệu thật");
    expect(words(entry)).toContain("12,4 mm/giờ 06:59");
    expect(entry?.querySelector('[data-datastream="rain-muong-ang-01/rainfall"]')).not.toBeNull();
  });
});

describe("a panel that cannot draw", () => {
  it("tells the board instead of taking the wall with it", async () => {
    const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
    const failed = vi.fn();
    document.body.addEventListener(PANEL_FAILED, failed);
    model.setAlert(alert({ message: null as unknown as Record<string, string>, id: "x" }));
    const broken = view();
    Object.defineProperty(broken, "words", { value: null });
    const panel = document.createElement("ioc-panel-alerts") as PanelElement;
    panel.setConfig({ id: "alerts", type: "alerts", x: 0, y: 0, w: 1, h: 1 });
    document.body.append(panel);
    panel.data = broken;
    await new Promise((done) => setTimeout(done));
    expect(failed).toHaveBeenCalled();
    document.body.removeEventListener(PANEL_FAILED, failed);
    quiet.mockRestore();
  });
});

describe("the map", () => {
  // Its WebGL is for a browser: here it would still be loading when the tests are over.
  beforeEach(() => history.replaceState(null, "", "/?map=svg"));

  it("draws the reports that have a place and no answer, and asks for none where nobody may read", async () => {
    const record = {
      type: "service-request",
      at: iso(NOON),
      area: "province",
      agency: null,
      due: null,
    };
    const place = [103.1, 21.4];
    const items = [
      { ...record, id: HOSTILE, state: "received", location: place, data: { field: HOSTILE } },
      { ...record, id: "done", state: "published", location: place, data: {} },
      { ...record, id: "nowhere", state: "received", location: null, data: {} },
    ] as unknown as BusinessRecord[];
    const layers = { indicator: null, needs: false, reports: items };
    expect(mapContent(view(), layers).reports.map(({ id }) => id)).toEqual([HOSTILE]);
    expect(mapContent(view()).reports).toEqual([]);
    const nowhere = {
      id: "stands on its area",
      severity: 3,
      area: "muong-ang",
      root: {},
      due: null,
    };
    model.incidents.set(nowhere.id, nowhere as unknown as Incident);
    expect(mapContent(view()).incidents).toMatchObject([{ id: nowhere.id, severity: 3 }]);
    model.user = null;
    const panel = await shown("map", { reports: true });
    expect(panel.querySelector("[data-layer=reports]")).toBeNull();
    expect(actions.ask).not.toHaveBeenCalled();
    model.user = { username: "lan", role: "operator", areas: [], agency: null };
    const open = await shown("map", { reports: true });
    expect(open.querySelector("[data-layer=reports]")).not.toBeNull();
    expect(actions.ask).toHaveBeenCalled();
  });

  it("keeps names off one another and the first where it was", () => {
    const box = { x: 0, y: 0, width: 100, height: 20 };
    const moved = separate([box, box, { ...box, x: 300 }]);
    expect(moved[0]).toBe(0);
    expect(moved[2]).toBe(0);
    expect(Math.abs(moved[1] ?? 0)).toBeGreaterThanOrEqual(20);
  });

  it("leaves out a name that finds no room rather than print it over another", () => {
    const box = { x: 0, y: 0, width: 100, height: 20 };
    const moved = separate(Array.from({ length: 9 }, () => box));
    const shown = moved.filter((dy): dy is number => dy !== null).toSorted((a, b) => a - b);
    expect(moved).toContain(null);
    for (const [index, dy] of shown.entries()) {
      if (index) expect(dy - (shown[index - 1] ?? 0)).toBeGreaterThanOrEqual(20);
    }
  });

  it("puts north above and east to the right, inside the sheet", () => {
    const place = projection([102, 21, 104, 23], 400, 300, 10);
    const [west, south] = place([102, 21]);
    const [east, north] = place([104, 23]);
    expect(east).toBeGreaterThan(west);
    expect(north).toBeLessThan(south);
    for (const at of [west, east]) expect(at).toBeGreaterThanOrEqual(10);
    expect(south).toBeLessThanOrEqual(290);
  });
});
