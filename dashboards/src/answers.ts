/**
 * What the server answered to the questions of panels: kept for a while, asked anew when it has
 * aged, and shared by all who ask the same. A panel asks at each painting and never waits.
 */

import { Problem } from "./api";

/** More questions than this at once are no board's; the one asked longest ago is forgotten. */
const MOST = 60;

export interface Answer<Body> {
  /** The last good answer; null before the first. */
  body: Body | null;
  /** Why the last try failed; null where it did not. */
  problem: Problem | null;
}

interface Kept {
  answer: Answer<unknown>;
  /** When it was asked last, by the browser's steady clock. */
  at: number;
  asking: boolean;
}

export class Answers {
  private readonly kept = new Map<string, Kept>();

  /**
   * @param ask - asks the server, e.g. for `/indicators/x/lineage`.
   * @param changed - called when an answer has come.
   * @param now - seconds of a steady clock.
   */
  constructor(
    private readonly ask: (path: string) => Promise<unknown>,
    private readonly changed: () => void,
    private readonly now: () => number,
  ) {}

  /** What is known of a path; asks for it where it is older than `seconds`. */
  get<Body>(path: string, seconds: number): Answer<Body> {
    let kept = this.kept.get(path);
    if (!kept) {
      kept = { answer: { body: null, problem: null }, at: Number.NEGATIVE_INFINITY, asking: false };
    }
    this.kept.delete(path);
    this.kept.set(path, kept);
    if (this.kept.size > MOST) this.kept.delete(this.kept.keys().next().value as string);
    if (!kept.asking && this.now() - kept.at >= seconds) this.renew(path, kept);
    return kept.answer as Answer<Body>;
  }

  /** What was last answered of a path, without asking. */
  known<Body>(path: string): Body | null {
    return (this.kept.get(path)?.answer.body ?? null) as Body | null;
  }

  /** Ask anew at the next painting whatever begins with a path; until then the old answer stands. */
  forget(path: string): void {
    for (const [asked, kept] of this.kept) {
      if (asked.startsWith(path)) kept.at = Number.NEGATIVE_INFINITY;
    }
  }

  /** Forget everything: somebody else is looking, who may see more or less. */
  clear(): void {
    this.kept.clear();
  }

  private renew(path: string, kept: Kept): void {
    kept.asking = true;
    kept.at = this.now();
    this.ask(path)
      .then(
        (body) => {
          kept.answer = { body, problem: null };
        },
        (error: unknown) => {
          const problem =
            error instanceof Problem ? error : new Problem(0, String(error), "", null);
          kept.answer = { body: kept.answer.body, problem };
        },
      )
      .finally(() => {
        kept.asking = false;
        this.changed();
      });
  }
}
