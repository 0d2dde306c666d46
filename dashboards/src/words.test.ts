import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { language, Words } from "./words";

const HERE = import.meta.dirname;
const WORDS = join(HERE, "../../ioc/words");

function ids(lang: string): string[] {
  const text = readFileSync(join(WORDS, lang, "wall.ftl"), "utf8");
  return [...text.matchAll(/^([a-z][\w-]*) =/gim)].map((match) => match[1] as string);
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return path.endsWith(".ts") && !path.endsWith(".test.ts") ? [readFileSync(path, "utf8")] : [];
  });
}

describe("the wall's words", () => {
  it("are the same messages in both languages, each once", () => {
    expect(ids("en").toSorted()).toEqual(ids("vi").toSorted());
    expect(new Set(ids("vi")).size).toBe(ids("vi").length);
  });

  it("hold every message the wall's code asks for", () => {
    const known = new Set(ids("vi"));
    const asked = sources(HERE).flatMap((text) =>
      [...text.matchAll(/"(wall-[a-z0-9-]+[a-z0-9])"/g)].map((match) => match[1] as string),
    );
    expect(asked.filter((id) => !known.has(id))).toEqual([]);
    expect(asked.length).toBeGreaterThan(50);
  });

  it("are put on top of by the site's own", () => {
    const words = new Words("vi", "wall-login = Vào\nkind-drone = Máy bay không người lái\n");
    expect(words.text("wall-login")).toBe("Vào");
    expect(words.kind("drone")).toBe("Máy bay không người lái");
  });

  it("outlive a catalogue that is broken", () => {
    expect(new Words("vi", "= { nonsense").text("wall-login")).toBe("Đăng nhập");
  });

  it("show a missing message by its id", () => {
    expect(new Words("vi").text("no-such-message")).toBe("no-such-message");
  });

  it("call a datastream by itself, else by its kind, else by its name", () => {
    const texts = ["datastream-visits = Visits", "datastream-web-portal-visits = Page views"];
    const words = new Words("en", texts.join("\n"));
    expect(words.datastream("visits", { vi: "Lượt", en: "Turns" }, "web-portal")).toBe("Turns");
    expect(words.datastream("visits", null, "web-portal")).toBe("Page views");
    expect(words.datastream("visits", null, "hospital")).toBe("Visits");
    expect(words.datastream("unheard-of", null, "hospital")).toBe("unheard-of");
  });

  it("write units as people do", () => {
    const words = new Words("vi");
    expect(words.unit("ug/m3")).toBe("µg/m³");
    expect(words.unit("%")).toBe("%");
    expect(words.unit("1")).toBe("");
    expect(words.unit("furlong")).toBe("furlong");
  });

  it("fall back to a name's other language, then to its id", () => {
    const words = new Words("en");
    expect(words.name({ vi: "Trạm mưa" }, "x")).toBe("Trạm mưa");
    expect(words.name({}, "x")).toBe("x");
    expect(words.name({ vi: "\u200b", en: "" }, "x")).toBe("x");
  });
});

describe("the wall's language", () => {
  it.each([
    ["en", "en"],
    ["en-GB", "en"],
    ["vi-VN", "vi"],
    ["fr", "vi"],
    ["en-US@posix", "vi"],
    ["", "vi"],
    [null, "vi"],
  ])("of the wish %j is %s", (wish, lang) => {
    expect(language(wish)).toBe(lang);
  });
});
