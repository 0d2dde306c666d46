/** What stands over a wall that shows the past: that it does, which moment, and how to move on. */

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../app";
import type { Topic } from "../model/model";
import { Drawn } from "../panels/panel";
import type { View } from "../store";
import { addressOf, BACK, lasting, localMoment, readMoment, SPEEDS } from "./moment";

export class PastBar extends Drawn {
  static override properties = { data: { attribute: false } };
  static readonly reads: readonly Topic[] = ["clock", "words", "link", "look"];
  declare data: View | null;
  app: App | null = null;

  constructor() {
    super();
    this.data = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    const past = this.app?.past;
    if (!view || !past) return nothing;
    const { words, format } = view;
    // The moment that is painted; the one wanted, where that cannot be.
    const shown = past.problem || !Number.isFinite(view.now) ? past.at : view.now;
    const known = Number.isFinite(shown);
    return html`<section class="past-bar" aria-label=${words.text("wall-then")}>
      <strong class="past-word">${words.text("wall-then")}</strong>
      <time class="past-moment number"
        >${known ? `${format.clock(shown)} · ${format.weekday(shown)} ${format.date(shown)}` : "–"}</time
      >
      <button type="button" class="past-play" @click=${() => past.turnPlaying()}>
        ${words.text(past.playing ? "wall-then-pause" : "wall-then-play")} <kbd>Space</kbd>
      </button>
      <span class="past-group" role="group" aria-label=${words.text("wall-then-speed")}>
        ${SPEEDS.map(
          (speed) =>
            html`<button
              type="button"
              class="number"
              data-speed=${speed}
              aria-pressed=${speed === past.speed}
              @click=${() => past.setSpeed(speed)}
            >
              ${speed}×
            </button>`,
        )}
      </span>
      <span class="past-group" role="group" aria-label=${words.text("wall-then-step")}>
        <button type="button" aria-label=${words.text("wall-then-before")} @click=${() => past.step(-1)}>
          ◂ <kbd>,</kbd>
        </button>
        <button type="button" aria-label=${words.text("wall-then-after")} @click=${() => past.step(1)}>
          ▸ <kbd>.</kbd>
        </button>
      </span>
      <span class="past-group" role="group" aria-label=${words.text("wall-then-back")}>
        ${BACK.map(
          (much) =>
            html`<button
              type="button"
              class="number"
              data-back=${much}
              @click=${() => past.seek(past.at - lasting(much))}
            >
              −${words.text(`wall-then-${much}`)}
            </button>`,
        )}
      </span>
      <input
        type="datetime-local"
        step="1"
        aria-label=${words.text("wall-then-moment")}
        .value=${known ? localMoment(shown) : ""}
        @change=${(event: Event) => past.seek(readMoment((event.target as HTMLInputElement).value, 0))}
      />
      <span class="past-note" role="status">${this.note(view)}</span>
      <a class="past-live" href=${addressOf(location.search, null)}
        >${words.text("wall-then-live")} <kbd>Esc</kbd></a
      >
    </section>`;
  }

  /** What is amiss with the moment shown, in a word or two. */
  private note(view: View): string {
    const past = this.app?.past;
    if (!past) return "";
    if (!Number.isFinite(past.at)) return view.words.text("wall-then-none");
    if (past.problem) {
      const { status, detail, title } = past.problem;
      if (status === 422) return view.words.text("wall-then-outside");
      return `${view.words.text("wall-then-failed")} ${detail || title}`;
    }
    return past.exact === false ? view.words.text("wall-then-about") : "";
  }
}

customElements.define("ioc-past", PastBar);
