import { describe, expect, it } from "vitest";
import { age, clean, decimals, distinct, Format, given, rootSize } from "./format";
import { NOON } from "./model/samples";

const vi = new Format("vi-VN", "Asia/Ho_Chi_Minh");
const en = new Format("en-GB", "Asia/Ho_Chi_Minh");

describe("numbers", () => {
  it("are grouped as each language does", () => {
    expect(vi.number(1234.5, 1)).toBe("1.234,5");
    expect(en.number(1234.5, 1)).toBe("1,234.5");
  });

  it("are a dash where there is none", () => {
    for (const none of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(vi.number(none)).toBe("–");
    }
  });

  it("never show minus nought, nor more figures than a panel holds", () => {
    expect(vi.number(-0.001, 1)).toBe("0,0");
    expect(vi.number(1e15)).toBe("1.00e15");
  });

  it("show a river to the centimetre and a count whole", () => {
    expect(decimals(4.5, "m")).toBe(2);
    expect(decimals(7, "1")).toBe(0);
    expect(decimals(12.3, "mm/h", 0.2)).toBe(1);
    expect(given(96.63, 96.2)).toBe(2);
    expect(given(12, null)).toBe(0);
  });
});

describe("times", () => {
  it("are the site's, wherever the browser is", () => {
    expect(vi.clock(NOON)).toBe("07:00:00");
    expect(vi.date(NOON)).toBe("22/11/2026");
  });

  it("carry the day when it is not today", () => {
    expect(vi.time(NOON - 60, NOON)).toBe("06:59");
    expect(vi.time(NOON - 86_400, NOON)).toBe("21/11 07:00");
  });

  it("do not stop a wall whose site has a time zone the browser does not know", () => {
    expect(new Format("vi-VN", "Mars/Olympus").clock(NOON)).toBe("07:00:00");
  });

  it("become ages in the largest unit they fill", () => {
    expect(age(59)).toEqual({ id: "wall-age-seconds", n: 59 });
    expect(age(119)).toEqual({ id: "wall-age-minutes", n: 1 });
    expect(age(7200)).toEqual({ id: "wall-age-hours", n: 2 });
    expect(age(200_000)).toEqual({ id: "wall-age-days", n: 2 });
    expect(age(-5)).toEqual({ id: "wall-age-seconds", n: 0 });
  });
});

describe("names from outside", () => {
  it("lose what hides or turns text", () => {
    expect(clean("a\u202Eb\u200Bc\u0000d\n e")).toBe("a b c d e");
  });

  it("are one name in one form", () => {
    expect(clean("Mu\u031bo\u031b\u0300ng")).toBe("Mường");
  });

  it("are cut at a length, by letters and not through one", () => {
    const long = clean("😀".repeat(10_000));
    expect([...long]).toHaveLength(120);
    expect(long.endsWith("…")).toBe(true);
  });
});

describe("areas' short names", () => {
  it("lose the word most of them share", () => {
    const names = ["TP Điện Biên Phủ", "Huyện Mường Chà", "Huyện Điện Biên", "Huyện Tủa Chùa"];
    expect(distinct(names)).toEqual(["TP Điện Biên Phủ", "Mường Chà", "Điện Biên", "Tủa Chùa"]);
  });

  it("stay whole where two would fall together", () => {
    const names = ["Huyện Hồng Ngự", "Hồng Ngự", "Huyện Tam Nông"];
    expect(distinct(names)).toEqual(names);
  });

  it("bear a list of none", () => {
    expect(distinct([])).toEqual([]);
  });
});

describe("the size of everything", () => {
  it("follows the screen", () => {
    expect(rootSize(1920, 1080)).toBe(16);
    expect(rootSize(3840, 2160)).toBe(32);
  });

  it("never goes below what can be read", () => {
    expect(rootSize(1000, 450)).toBe(10);
    expect(rootSize(390, 844)).toBe(15);
  });

  it.each([
    [75, 5],
    [85, 5],
  ])("lets the farthest seat read the smallest text on %d inches at %d m", (inches, metres) => {
    const root = rootSize(3840, 2160, inches, metres);
    const pixels = Math.hypot(3840, 2160) / (inches * 0.0254);
    // Not more than half as large again as designed: beyond that the board no longer fits.
    const wanted = Math.min((0.00465 * metres * pixels) / 0.7 / 0.8125, 48);
    expect(root).toBeCloseTo(Math.max(wanted, 32), 6);
  });
});
