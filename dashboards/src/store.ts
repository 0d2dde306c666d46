/** What panels are given, and when: at most one painting a frame, and only of what changed. */

import type { Answer } from "./answers";
import type { Deed } from "./console/deeds";
import type { Target } from "./console/desk";
import type { Format } from "./format";
import type { Model, Topic } from "./model/model";
import type { Alert, Observation, ReducedObservation } from "./model/shapes";
import type { Words } from "./words";

/** What a person may open beside the board. */
export type Subject =
  | { thing: string }
  | { area: string }
  | { alert: string }
  | { indicator: string; area: string }
  | { incident: string }
  | { task: string }
  | { record: string };

/** What a panel may ask of the wall. */
export interface Actions {
  open(subject: Subject): void;
  /** Begin to acknowledge: asks for a note, or for a login where there is none. */
  acknowledge(alert: Alert): void;
  /** Begin a deed of the console on these: asks what it needs, or says why it cannot be. */
  begin(deed: string, on: readonly Target[], preset?: Record<string, string>): void;
  /** What may be done to something now, by whoever is looking. */
  deeds(target: Target): readonly Deed<never>[];
  /** Whether whoever is looking might do a deed: true where nobody has said who they are. */
  mayBegin(deed: string, on: Target | null): boolean;
  /** Say that one has looked at the review up to a time. */
  looked(at: string): void;
  /** What the server last answered to `path`, asked anew when older than `seconds`. */
  ask<Body>(path: string, seconds: number): Answer<Body>;
  /** Do something on the server, e.g. make a brief; its answer, or a Problem. */
  send<Body>(path: string, body: object): Promise<Body>;
  history(
    key: string,
    from: number,
    to: number,
    points: number,
  ): Promise<(Observation | ReducedObservation)[]>;
}

/** Everything a panel draws from. A new object each time something it reads has changed. */
export interface View {
  readonly model: Model;
  readonly words: Words;
  readonly format: Format;
  /** The site's clock, in seconds since 1970 UTC. */
  readonly now: number;
  readonly actions: Actions;
}

/** Calls painters once a frame, those whose topics changed since their last painting. */
export class Painter {
  private asked = false;
  private readonly painters = new Map<
    object,
    {
      topics: readonly Topic[];
      kinds: readonly string[] | undefined;
      seen: string;
      paint: (view: View) => void;
    }
  >();

  /**
   * @param view - makes the view of a frame.
   * @param frame - asks for a frame: `requestAnimationFrame` in a browser.
   */
  constructor(
    private readonly model: Model,
    private readonly view: () => View,
    private readonly frame: (run: () => void) => void,
  ) {}

  /**
   * Paint `owner` now and whenever one of its topics changes.
   *
   * @param kinds - where it shows things of these kinds only: values of others are no change.
   */
  add(
    owner: object,
    topics: readonly Topic[],
    paint: (view: View) => void,
    kinds?: readonly string[],
  ): void {
    this.painters.set(owner, { topics, kinds, seen: "", paint });
    this.ask();
  }

  remove(owner: object): void {
    this.painters.delete(owner);
  }

  /** Something may have changed: look at the next frame. */
  ask(): void {
    if (this.asked) return;
    this.asked = true;
    this.frame(() => {
      this.asked = false;
      this.run();
    });
  }

  /** Paint at once, outside any frame: for a printer that does not wait for one. */
  now(): void {
    this.run();
  }

  private run(): void {
    const view = this.view();
    for (const painter of [...this.painters.values()]) {
      const { topics, kinds } = painter;
      const seen = topics
        .map((topic) =>
          topic === "values" && kinds ? this.model.valuesOf(kinds) : this.model.revision[topic],
        )
        .join();
      if (seen === painter.seen) continue;
      painter.seen = seen;
      painter.paint(view);
    }
  }
}
