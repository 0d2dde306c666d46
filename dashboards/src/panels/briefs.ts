/** The newest daily and shift briefs, each as a page and as PDF; who may makes one anew. */

import { html, nothing, type TemplateResult } from "lit";
import { clean } from "../format";
import type { Topic } from "../model/model";
import { type Localized, seconds } from "../model/shapes";
import type { View } from "../store";
import { RowsPanel } from "./rows";

const ROW = 2.25;
const BUTTONS = 2.5;
const RENEW = 60;
/** After making one the list is asked for again at once. */
const ANEW = 1;
const SHOWN = 20;
const MAKERS: readonly string[] = ["leader", "supervisor"];
const KINDS = ["daily", "shift"] as const;
/** Who makes those that come by schedule. */
const CENTRE = "centre";

interface Head {
  id: string;
  kind: string;
  name: Localized;
  period: [string, string];
  by: string;
}

export class BriefsPanel extends RowsPanel {
  readonly reads: readonly Topic[] = ["answers", "clock", "words", "user"];
  private making = false;
  private failed = false;
  /** The id of one just made, until the list has it. */
  private awaited = "";

  protected draw(view: View): TemplateResult {
    const { words } = view;
    const path = `/briefs?limit=${SHOWN}`;
    const { body, problem } = view.actions.ask<{ items: Head[] }>(
      path,
      this.awaited ? ANEW : RENEW,
    );
    if (problem && (problem.status === 401 || problem.status === 403)) {
      return this.frame(view, html`<p class="note">${words.text("wall-needs-login")}</p>`);
    }
    if (!body) {
      const said = problem ? "wall-unread" : "wall-reading";
      return this.frame(view, html`<p class="note">${words.text(said)}</p>`);
    }
    if (body.items.some(({ id }) => id === this.awaited)) this.awaited = "";
    const may = MAKERS.includes(view.model.user?.role ?? "");
    const rows = this.fitting(body.items, ROW, may ? BUTTONS : 0);
    return this.frame(
      view,
      html`${may ? this.buttons(view) : nothing}
        ${rows.length === 0 ? html`<p class="note">${words.text("wall-briefs-none")}</p>` : nothing}
        <ul class="briefs">
          ${rows.map((head) => this.row(view, head))}
        </ul>
        ${this.more(view, body.items.length, rows.length)}`,
      { at: seconds(body.items[0]?.period[1]) },
    );
  }

  private buttons(view: View): TemplateResult {
    const { words } = view;
    return html`<p class="briefs-make">
      ${KINDS.map(
        (kind) =>
          html`<button
            type="button"
            data-brief=${kind}
            ?disabled=${this.making}
            @click=${() => void this.make(view, kind)}
          >
            ${words.text(`wall-briefs-make-${kind}`)}
          </button>`,
      )}
      <span role="status"
        >${this.making ? words.text("wall-briefs-making") : ""}${
          this.failed ? words.text("wall-briefs-failed") : ""
        }</span
      >
    </p>`;
  }

  private row(view: View, head: Head): TemplateResult {
    const { words, format } = view;
    const address = `/brief/${encodeURIComponent(head.id)}?lang=${words.lang}`;
    const pdf = `/api/v1/briefs/${encodeURIComponent(head.id)}/pdf?lang=${words.lang}`;
    const end = seconds(head.period[1]);
    return html`<li>
      <a href=${address} target="_blank" rel="noopener"
        >${words.name(head.name, head.kind)}, ${words.text("wall-briefs-until", {
          time: format.time(end, view.now),
        })}</a
      >
      <span class="unit">${head.by === CENTRE ? words.text("wall-briefs-by-centre") : clean(head.by)}</span>
      <a href=${pdf} target="_blank" rel="noopener">PDF</a>
    </li>`;
  }

  private async make(view: View, kind: string): Promise<void> {
    this.making = true;
    this.failed = false;
    this.requestUpdate();
    try {
      this.awaited = (await view.actions.send<Head>("/briefs", { kind })).id;
    } catch (error) {
      console.warn("brief:", error);
      this.failed = true;
    } finally {
      this.making = false;
      this.requestUpdate();
    }
  }
}

customElements.define("ioc-panel-briefs", BriefsPanel);
