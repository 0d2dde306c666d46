/** The wall's words: Fluent catalogues, the same files the server writes its messages from. */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import commonEn from "@words/en/common.ftl?raw";
import consoleEn from "@words/en/console.ftl?raw";
import wallEn from "@words/en/wall.ftl?raw";
import commonVi from "@words/vi/common.ftl?raw";
import consoleVi from "@words/vi/console.ftl?raw";
import wallVi from "@words/vi/wall.ftl?raw";
import { clean } from "./format";
import type { Localized } from "./model/shapes";

/** What the wall says before the server has given it the site's words, or when it cannot. */
const BUILTIN: Record<string, readonly string[]> = {
  vi: [commonVi, wallVi, consoleVi],
  en: [commonEn, wallEn, consoleEn],
};
/** The locale whose numbers and dates a language is written with. */
const LOCALES: Record<string, string> = { vi: "vi-VN", en: "en-GB" };

/** A language the wall has, from any wish: never what the browser makes of its own locale. */
export function language(wish: string | null | undefined): string {
  if (!wish) return "vi";
  try {
    const base = Intl.getCanonicalLocales(wish)[0]?.split("-")[0] ?? "vi";
    return base in BUILTIN ? base : "vi";
  } catch {
    // A browser under an odd locale names itself with a tag no standard knows.
    return "vi";
  }
}

export class Words {
  readonly locale: string;
  private readonly bundle: FluentBundle;

  /**
   * @param lang - `vi` or `en`.
   * @param catalogue - the site's own file of words, on top of those the wall carries.
   */
  constructor(
    readonly lang: string,
    catalogue = "",
  ) {
    this.locale = LOCALES[lang] ?? "vi-VN";
    // The names put into a sentence are cleaned of direction marks, so isolating them would only
    // put invisible signs between words.
    this.bundle = new FluentBundle(this.locale, { useIsolating: false });
    for (const file of [...(BUILTIN[lang] ?? [commonVi, wallVi]), catalogue]) {
      this.bundle.addResource(new FluentResource(file), { allowOverrides: true });
    }
  }

  /** The text of a message; its id where there is none, so that a gap is seen, not hidden. */
  text(id: string, args?: Record<string, FluentVariable>): string {
    return this.find(id, args) ?? id;
  }

  /** The text of a message, or null where the catalogue has none. */
  find(id: string, args?: Record<string, FluentVariable>): string | null {
    const pattern = this.bundle.getMessage(id)?.value;
    if (!pattern) return null;
    const errors: Error[] = [];
    return this.bundle.formatPattern(pattern, args, errors);
  }

  /** A name in the wall's language, else in any it has, else the fallback; made safe to show. */
  name(localized: Localized | null | undefined, fallback: string): string {
    const mine = localized?.[this.lang] || localized?.vi || localized?.en;
    return clean(mine || Object.values(localized ?? {}).find(Boolean) || fallback) || fallback;
  }

  kind(kind: string): string {
    if (kind === "") return this.text("wall-kind-unknown");
    return this.find(`kind-${slug(kind)}`) ?? clean(kind);
  }

  /** The kind in a word or two, for where there is no room. */
  shortKind(kind: string): string {
    return this.find(`wall-kind-${slug(kind)}`) ?? this.kind(kind);
  }

  /** What a datastream is called: by itself, else by its kind of thing, else by its name alone. */
  datastream(name: string, label?: Localized | null, kind = ""): string {
    if (label) return this.name(label, name);
    const ofKind = kind && this.find(`datastream-${slug(kind)}-${slug(name)}`);
    return ofKind || (this.find(`datastream-${slug(name)}`) ?? clean(name));
  }

  level(level: string): string {
    return this.find(`level-${slug(level)}`) ?? clean(level);
  }

  /** A unit as people write it: `ug/m3` becomes `µg/m³`. */
  unit(unit: string): string {
    if (unit === "" || unit === "1") return "";
    return this.find(`unit-${slug(unit)}`) ?? clean(unit);
  }
}

/** A Fluent identifier's tail from any id: `m3/s` becomes `m3-per-s`. */
function slug(id: string): string {
  return id
    .replaceAll("/", "-per-")
    .replaceAll("%", "percent")
    .replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
