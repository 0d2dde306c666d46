/**
 * The contract of a panel, and the class most of them are made of.
 *
 * A panel is a custom element named `ioc-panel-<type>`. The board sets its configuration once
 * (`setConfig`, which throws a sentence where it cannot be shown) and its `data` whenever a topic
 * of `reads` has changed. A panel draws in the light DOM, so that the board's styles and whoever
 * looks for a `data-…` attribute reach it.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Topic } from "../model/model";
import type { Localized, Origin, PanelConfig } from "../model/shapes";
import { otherOrigin } from "../pieces";
import type { View } from "../store";

export interface PanelElement extends HTMLElement {
  setConfig(config: PanelConfig): void;
  data: View | null;
  /** What it reads of the model; absent means everything. */
  readonly reads?: readonly Topic[];
  /** The kinds of things whose values it shows, once configured; absent means any. */
  readonly kinds?: readonly string[];
}

/** What stands around a panel's body, beside its title. */
export interface Frame {
  /** The unit of all its numbers, where they share one. */
  unit?: string;
  /** A word or two that sum the body up. */
  aside?: unknown;
  /** The time of the newest of what it shows, in seconds. */
  at?: number;
  /** Where it comes from: marked where that differs from the site's own origin. */
  origin?: Origin | "unknown" | undefined;
}

/** An event a panel sends when it cannot draw; the board puts an error tile in its place. */
export const PANEL_FAILED = "panel-failed";

/** An element of the wall that draws in the light DOM and says when it cannot. */
export abstract class Drawn extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override performUpdate(): void {
    try {
      super.performUpdate();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Tell the board that this element is broken. */
  protected fail(error: unknown): void {
    console.error(`${this.localName}:`, error);
    this.dispatchEvent(new CustomEvent(PANEL_FAILED, { bubbles: true, detail: error }));
  }
}

export abstract class Panel extends Drawn implements PanelElement {
  static override properties = { data: { attribute: false } };

  declare data: View | null;
  protected config: PanelConfig = { id: "", type: "", x: 0, y: 0, w: 1, h: 1 };

  abstract readonly reads: readonly Topic[];

  constructor() {
    super();
    this.data = null;
  }

  setConfig(config: PanelConfig): void {
    this.config = config;
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.data ? this.draw(this.data) : nothing;
  }

  protected abstract draw(view: View): TemplateResult;

  /** The panel's heading and its body: every panel stands in this frame. */
  protected frame(view: View, body: unknown, around: Frame = {}): TemplateResult {
    const { unit = "", aside = nothing, at = Number.NaN, origin } = around;
    const title = view.words.name(this.config.title, this.config.id);
    return html`<header class="panel-head">
        <h2>${title}${unit ? html` <span class="unit">(${unit})</span>` : nothing}</h2>
        <span class="aside"
          >${otherOrigin(view, origin)}${aside}${
            Number.isFinite(at)
              ? html`<time class="when number">${view.format.time(at, view.now)}</time>`
              : nothing
          }</span
        >
      </header>
      <div class="panel-body">${body}</div>`;
  }
}

/** A string of a configuration. */
export function text(config: PanelConfig, key: string): string {
  const value = config[key];
  if (typeof value !== "string" || value === "") {
    throw new Error(`panel ${config.id}: "${key}" is to be a word, it is ${JSON.stringify(value)}`);
  }
  return value;
}

/** A list of strings of a configuration; one string stands for a list of one. */
export function texts(config: PanelConfig, key: string): string[] {
  const value = typeof config[key] === "string" ? [config[key]] : config[key];
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string") || !value.length) {
    throw new Error(
      `panel ${config.id}: "${key}" is to be a list of words, it is ${JSON.stringify(value)}`,
    );
  }
  return value as string[];
}

/** The short words that head a table's columns, by what stands in them; none where none are given. */
export function heads(config: PanelConfig): Record<string, Localized> {
  const told = config.heads;
  return typeof told === "object" && told !== null ? (told as Record<string, Localized>) : {};
}

/** A number of a configuration above nought, or the usual one where it is absent. */
export function number(config: PanelConfig, key: string, usual: number): number {
  const value = config[key] ?? usual;
  if (typeof value !== "number" || !(value > 0)) {
    throw new Error(
      `panel ${config.id}: "${key}" is to be a number above 0, it is ${JSON.stringify(value)}`,
    );
  }
  return value;
}
