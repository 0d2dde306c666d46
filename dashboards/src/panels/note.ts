/** A sentence of the board's file: what the figures stand for, and where they come from. */

import { html, type TemplateResult } from "lit";
import type { Topic } from "../model/model";
import type { Localized, PanelConfig } from "../model/shapes";
import type { View } from "../store";
import { Panel } from "./panel";

export class NotePanel extends Panel {
  readonly reads: readonly Topic[] = ["words"];
  private text: Localized = {};

  override setConfig(config: PanelConfig): void {
    super.setConfig(config);
    if (typeof config.text !== "object" || config.text === null) {
      throw new Error(`panel ${config.id}: "text" is to be { vi = …, en = … }`);
    }
    this.text = config.text as Localized;
  }

  protected draw(view: View): TemplateResult {
    const said = this.text[view.words.lang] ?? this.text.vi ?? "";
    return this.frame(view, html`<p class="said">${said}</p>`);
  }
}

customElements.define("ioc-panel-note", NotePanel);
