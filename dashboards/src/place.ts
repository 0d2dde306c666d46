/** Sets style properties one by one: the page's content policy forbids style attributes. */

import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

class Place extends Directive {
  override render(_styles: Readonly<Record<string, string>>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): unknown {
    const style = (part.element as HTMLElement).style;
    for (const [name, value] of Object.entries(styles)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return noChange;
  }
}

/** Used as `<div ${place({ height: "3rem" })}>`. */
export const place = directive(Place);
