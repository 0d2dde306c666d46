/** Takes people's deeds to the server: on which subjects, by whom, and what came of it. */

import { type Current, Problem } from "../api";
import type { App } from "../app";
import type { Alert, Incident, Step, Task } from "../model/shapes";
import type { Subject } from "../store";
import {
  ALERT_DEEDS,
  CONTACT_DEEDS,
  type Contact,
  type Deed,
  HANDOVER_DEEDS,
  type Handover,
  INCIDENT_DEEDS,
  NEW_DEEDS,
  SHIFT_DEEDS,
  type Shift,
  TASK_DEEDS,
  WINDOW_DEEDS,
  type Window,
} from "./deeds";
import { ALLOWED, may } from "./roles";

/** What a deed may be done to; of what no event tells of, the object itself. */
export type Target =
  | Extract<Subject, { alert: string } | { incident: string } | { task: string }>
  | { window: Window }
  | { handover: Handover }
  | { shift: Shift }
  | { contact: Contact };

type Kind = "alert" | "incident" | "task" | "window" | "handover" | "shift" | "contact" | "new";

/** One subject of a deed, at the version a person saw. */
export interface Meant {
  kind: Kind;
  id: string;
  version: number;
  /** A number of ours, so that a request whose answer was lost is not done twice. */
  request: string;
}

/** A question put to a person: a deed, on what, with what filled in already. */
export interface Asked {
  deed: Deed<never>;
  kind: Kind;
  meant: Meant[];
  preset: Readonly<Record<string, string>>;
  /** Further parts of the request that nobody fills in. */
  more: Readonly<Record<string, unknown>>;
}

/** What became of a deed. */
export interface Outcome {
  done: number;
  /** Those that somebody else had changed meanwhile, as they stand now. */
  current: { meant: Meant; now: Current }[];
}

const DEEDS: Readonly<Record<Kind, readonly Deed<never>[]>> = {
  alert: ALERT_DEEDS,
  incident: INCIDENT_DEEDS,
  task: TASK_DEEDS,
  window: WINDOW_DEEDS,
  handover: HANDOVER_DEEDS,
  shift: SHIFT_DEEDS,
  contact: CONTACT_DEEDS,
  new: NEW_DEEDS,
};
/** What is read again when a deed has changed it: what no event of the stream tells of, and details. */
const TOUCHED = [
  "/duty",
  "/maintenance",
  "/handovers",
  "/review",
  "/shelves",
  "/roster",
  "/shifts",
  "/alerts/",
  "/incidents/",
  "/tasks/",
];
/** What has no version: it is there or it is not. */
const UNVERSIONED: ReadonlySet<Kind> = new Set<Kind>(["new", "shift", "contact"]);
/** What takes no number of ours. */
const UNNUMBERED: ReadonlySet<Kind> = new Set<Kind>(["window", "handover"]);

export class Desk {
  /** Puts a question to whoever is there. */
  onAsk: (asked: Asked) => void = () => {};
  /** Says something to whoever is there, without asking. */
  onSay: (sentence: string) => void = () => {};
  onLogin: (then: () => void) => void = () => {};

  constructor(private readonly app: App) {}

  /** Begin a deed: ask for a login, say why it cannot be, or put its question. */
  begin(id: string, targets: readonly Target[], preset: Record<string, string> = {}): void {
    const kind = targets[0] ? kindOf(targets[0]) : "new";
    const deed = DEEDS[kind].find((one) => one.id === id) ?? newDeed(id);
    if (!deed) return;
    if (!this.app.person) {
      this.onLogin(() => this.begin(id, targets, preset));
      return;
    }
    const mine = targets.filter((one) => this.mayDo(deed, one));
    if (targets.length ? mine.length === 0 : !this.mayDo(deed, null)) {
      this.onSay(this.notYours(deed));
      return;
    }
    if (NEW_DEEDS.includes(deed as Deed<null>)) {
      const about = this.about(deed, targets);
      this.onAsk({
        deed,
        kind: "new",
        meant: [fresh("new", "", 0)],
        ...about,
        preset: { ...about.preset, ...preset },
      });
      return;
    }
    const fitting = mine
      .map((one) => this.object(one))
      .filter((one) => one !== null && (deed as Deed<unknown>).fits(one, this.app.siteNow()));
    if (fitting.length === 0) {
      this.onSay(this.app.words.text("console-not-now", { deed: this.name(deed) }));
      return;
    }
    const meant = fitting.map((one) => fresh(kind, (one as Meant).id, (one as Meant).version));
    this.onAsk({ deed, kind, meant, preset, more: {} });
  }

  /** Begin what a key stands for on these subjects; false where it stands for nothing. */
  press(key: string, targets: readonly Target[]): boolean {
    const own = targets[0] ? DEEDS[kindOf(targets[0])] : [];
    const deed = [...own, ...NEW_DEEDS].find((one) => one.key === key);
    if (!deed) return false;
    // A screen nobody sits at has no business asking for a login, whoever leans on its keys.
    if (!this.app.person && this.app.unattended) return false;
    this.begin(deed.id, targets);
    return true;
  }

  /** The deeds a person may do on a subject now; all of them where nobody has said who they are. */
  open(target: Target): Deed<never>[] {
    const object = this.object(target);
    if (object === null) return [];
    return DEEDS[kindOf(target)].filter(
      (deed) =>
        (deed as Deed<unknown>).fits(object, this.app.siteNow()) &&
        (!this.app.person || this.mayDo(deed, target)),
    );
  }

  /** Remember that a person has looked at the review up to a time. */
  async looked(at: string): Promise<void> {
    try {
      await this.app.api.send("/review/seen", { at });
      this.app.answers.forget("/review");
      this.onSay(this.app.words.text("console-looked"));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.onSay(this.app.words.text("console-refused", { why: error.detail || error.title }));
    }
    this.app.changed("answers");
  }

  /** Whether whoever is looking might do a deed of this name; nobody is asked to log in first. */
  mayBegin(id: string, target: Target | null): boolean {
    const deeds = [...(target ? DEEDS[kindOf(target)] : []), ...NEW_DEEDS];
    const deed = deeds.find((one) => one.id === id);
    return deed !== undefined && (!this.app.person || this.mayDo(deed, target));
  }

  mayDo(deed: Deed<never>, target: Target | null): boolean {
    const role = this.app.person?.role;
    if (may(role, deed.permission)) return true;
    // What was raised by hand may be closed by whoever may raise.
    if (deed.id !== "close" || !target || !("alert" in target)) return false;
    return this.app.model.alerts.get(target.alert)?.rule === "manual" && may(role, "raise");
  }

  /** Whether somebody else has changed a subject since the question was put. */
  changed(meant: Meant): Current | null {
    const object = this.known(meant.kind, meant.id);
    return object && object.version > meant.version ? object : null;
  }

  /** How a subject stands: by the stream, else as the detail read it, which may be ahead of it. */
  known(kind: Kind, id: string): Current | null {
    const { answers, model } = this.app;
    const read = () => answers.known<Current>(`/${kind}s/${encodeURIComponent(id)}`);
    if (kind === "alert") return model.alerts.get(id) ?? model.closed.get(id) ?? read();
    if (kind === "incident") return model.incidents.get(id) ?? read();
    if (kind === "task") return model.tasks.get(id) ?? read();
    return null;
  }

  /** Whether the deed can still be done to an object as it stands. */
  fitsNow(asked: Asked, current: Current): boolean {
    return (asked.deed as Deed<unknown>).fits(current, this.app.siteNow());
  }

  /**
   * Do it, on each subject at the version that was seen.
   *
   * @throws Problem where it is refused for another reason than a changed subject.
   */
  async take(asked: Asked, body: Record<string, unknown>): Promise<Outcome> {
    try {
      if (asked.deed.id === "acknowledge" && asked.meant.length > 1) {
        return await this.acknowledgeMany(asked.meant, body);
      }
      const outcome: Outcome = { done: 0, current: [] };
      for (const meant of asked.meant) {
        const now = await this.takeOne(asked, meant, body);
        if (now) outcome.current.push({ meant, now });
        else outcome.done += 1;
      }
      return outcome;
    } finally {
      for (const path of TOUCHED) this.app.answers.forget(path);
      this.app.changed("answers");
    }
  }

  private async takeOne(
    asked: Asked,
    meant: Meant,
    body: Record<string, unknown>,
  ): Promise<Current | null> {
    const deed = asked.deed as Deed<unknown>;
    const path = deed.path({ id: meant.id });
    if (deed.method === "DELETE") {
      await this.app.api.remove(path);
      return null;
    }
    const versioned = UNVERSIONED.has(meant.kind) ? {} : { version: meant.version };
    const unnumbered = UNNUMBERED.has(meant.kind) || deed.id === "contact";
    const numbered = unnumbered ? {} : { request: meant.request };
    try {
      const told = await this.app.api.send(path, {
        ...body,
        ...asked.more,
        ...versioned,
        ...numbered,
      });
      this.keep(asked.kind === "new" ? (KIND_OF_NEW[asked.deed.id] ?? "new") : asked.kind, told);
      return null;
    } catch (error) {
      if (!(error instanceof Problem) || !error.current) throw error;
      this.keep(asked.kind, error.current);
      return error.current;
    }
  }

  private async acknowledgeMany(meant: Meant[], body: Record<string, unknown>): Promise<Outcome> {
    const ids = meant.map(({ id, version }) => ({ id, version }));
    const { items } = (await this.app.api.send("/alerts/acknowledge", { ids, ...body })) as {
      items: { id: string; outcome: string; alert: Alert | null }[];
    };
    const outcome: Outcome = { done: 0, current: [] };
    for (const { id, outcome: came, alert } of items) {
      if (alert) this.keep("alert", alert);
      const one = meant.find((mine) => mine.id === id);
      if (came === "taken") outcome.done += 1;
      else if (one && alert) outcome.current.push({ meant: one, now: alert });
    }
    return outcome;
  }

  private keep(kind: Kind, told: unknown): void {
    const { model } = this.app;
    if (kind === "alert") model.setAlert(told as Alert);
    else if (kind === "incident") model.setIncident(told as Incident);
    else if (kind === "task") model.setTask(told as Task);
    this.app.painter.ask();
  }

  private object(target: Target): Current | null {
    if ("window" in target) return target.window;
    if ("handover" in target) return target.handover;
    if ("shift" in target) return { ...target.shift, version: 0 };
    if ("contact" in target) return { ...target.contact, version: 0 };
    if ("alert" in target) return this.known("alert", target.alert);
    if ("incident" in target) return this.known("incident", target.incident);
    return this.known("task", target.task);
  }

  /** What a new thing takes over from what it is begun on. */
  private about(deed: Deed<never>, targets: readonly Target[]): Pick<Asked, "preset" | "more"> {
    const { model } = this.app;
    const alerts = targets.flatMap((one) => ("alert" in one ? [one.alert] : []));
    const first = model.alerts.get(alerts[0] ?? "");
    const incident = targets.flatMap((one) => ("incident" in one ? [one.incident] : []))[0];
    const area = first?.area ?? model.incidents.get(incident ?? "")?.area ?? "";
    if (deed.id === "open") return { preset: {}, more: alerts.length ? { alerts } : {} };
    if (deed.id === "give") {
      const of = incident ?? first?.incident ?? null;
      return { preset: { area }, more: of ? { incident: of } : {} };
    }
    if (deed.id === "maintain" && first) {
      const rule = first.rule === "manual" ? "" : first.rule;
      return { preset: { area, thing: first.thing, rule }, more: {} };
    }
    if (deed.id === "raise") return { preset: { area, severity: "3" }, more: {} };
    return { preset: {}, more: {} };
  }

  private name(deed: Deed<never>): string {
    return this.app.words.text(`console-do-${deed.id}`);
  }

  /** Says that a role may not, and which ones may. */
  notYours(deed: Deed<never>): string {
    const { words } = this.app;
    const role = this.app.person?.role ?? "display";
    return words.text("console-not-yours", {
      role: words.text(`console-role-${role}`),
      deed: this.name(deed),
      roles: rolesOf(deed)
        .map((one) => words.text(`console-role-${one}`))
        .join(", "),
    });
  }
}

/** The deeds of which a new incident, alert or task comes, by what the answer is. */
const KIND_OF_NEW: Readonly<Record<string, Kind>> = {
  raise: "alert",
  open: "incident",
  give: "task",
};

function rolesOf(deed: Deed<never>): readonly string[] {
  return ALLOWED[deed.permission];
}

function newDeed(id: string): Deed<never> | undefined {
  return NEW_DEEDS.find((one) => one.id === id);
}

export function kindOf(target: Target): Kind {
  if ("alert" in target) return "alert";
  if ("incident" in target) return "incident";
  if ("task" in target) return "task";
  if ("shift" in target) return "shift";
  if ("contact" in target) return "contact";
  return "window" in target ? "window" : "handover";
}

function fresh(kind: Kind, id: string, version: number): Meant {
  return { kind, id, version, request: number() };
}

/** A number nobody else has. Not `randomUUID`: a page on a plain address has none. */
function number(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** The last step of something, for whoever came too late. */
export function lastStep(current: Current): Step | null {
  return current.steps?.at(-1) ?? null;
}
