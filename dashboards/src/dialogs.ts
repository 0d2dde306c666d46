/** What the wall asks and tells a person: who they are, and which keys there are. */

import { html, nothing, type TemplateResult } from "lit";
import { Problem } from "./api";
import type { App } from "./app";
import { keyHelp } from "./console/key-help";
import { Drawn } from "./panels/panel";
import type { View } from "./store";

export abstract class Dialog extends Drawn {
  static override properties = {
    data: { attribute: false },
    answer: { state: true },
    busy: { state: true },
  };
  declare data: View | null;
  /** What the server said to the last try. */
  declare answer: string;
  declare busy: boolean;
  app: App | null = null;

  constructor() {
    super();
    this.data = null;
    this.answer = "";
    this.busy = false;
  }

  protected open(): void {
    this.answer = "";
    this.busy = false;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const dialog = this.querySelector("dialog");
      if (dialog && !dialog.open) dialog.showModal();
      dialog?.querySelector<HTMLElement>("input, textarea, select")?.focus();
    });
  }

  close(): void {
    this.querySelector("dialog")?.close();
  }

  protected submit(event: SubmitEvent, run: (form: FormData) => Promise<void>): void {
    event.preventDefault();
    if (this.busy) return;
    const form = new FormData(event.currentTarget as HTMLFormElement);
    this.busy = true;
    this.answer = "";
    run(form)
      .then(() => this.close())
      .catch((error: unknown) => {
        this.answer = this.explain(error);
      })
      .finally(() => {
        this.busy = false;
      });
  }

  protected abstract explain(error: unknown): string;

  protected buttons(view: View, go: string): TemplateResult {
    return html`<p class="answer" role="alert">${this.answer}</p>
      <p class="buttons">
        <button type="button" @click=${() => this.close()}>${view.words.text("wall-cancel")}</button>
        <button type="submit" class="go" ?disabled=${this.busy}>${go}</button>
      </p>`;
  }
}

export class LoginDialog extends Dialog {
  /** What to do once somebody is logged in. */
  private whenIn: () => void = () => {};

  ask(then: () => void = () => {}): void {
    this.whenIn = then;
    this.open();
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    if (!view) return nothing;
    const { words } = view;
    return html`<dialog class="ask" aria-labelledby="login-title">
      <form
        @submit=${(event: SubmitEvent) =>
          this.submit(event, async (form) => {
            await this.app?.login(String(form.get("username")), String(form.get("password")));
            this.whenIn();
          })}
      >
        <h2 id="login-title">${words.text("wall-login")}</h2>
        <label
          >${words.text("wall-username")}
          <input name="username" autocomplete="username" required maxlength="64" />
        </label>
        <label
          >${words.text("wall-password")}
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxlength="256"
          />
        </label>
        ${this.buttons(view, words.text("wall-login"))}
      </form>
    </dialog>`;
  }

  protected explain(error: unknown): string {
    const words = this.data?.words;
    if (!words) return "";
    if (!(error instanceof Problem)) return String(error);
    if (error.status === 401) return words.text("wall-login-wrong");
    if (error.status === 429) return words.text("wall-too-many");
    if (error.status === 0) return words.text("wall-unreachable");
    return `${error.title} ${error.detail}`;
  }
}

/** What each key does. */
const KEYS = [
  ["1 … 9", "boards"],
  ["← →", "step"],
  ["Space", "pause"],
  ["A", "acknowledge"],
  ["↑ ↓ Enter", "rows"],
  ["M", "mute"],
  ["S", "sound"],
  ["K", "kiosk"],
  ["L", "language"],
  ["T", "theme"],
  [",", "then"],
  [", . X Space", "then-move"],
  ["Esc", "close"],
] as const;

export class HelpDialog extends Dialog {
  ask(): void {
    this.open();
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.data;
    if (!view) return nothing;
    const { words } = view;
    return html`<dialog class="ask help" aria-labelledby="help-title">
      <h2 id="help-title">${words.text("wall-keys")}</h2>
      <dl class="facts">
        ${KEYS.map(
          ([key, does]) =>
            html`<div><dt><kbd>${key}</kbd></dt><dd>${words.text(`wall-key-${does}`)}</dd></div>`,
        )}
      </dl>
      ${keyHelp(words)}
      <p class="buttons">
        <button type="button" class="go" @click=${() => this.close()}>
          ${words.text("wall-close")}
        </button>
      </p>
    </dialog>`;
  }

  protected explain(error: unknown): string {
    return String(error);
  }
}

customElements.define("ioc-help", HelpDialog);
customElements.define("ioc-login", LoginDialog);
