/** The centre's REST interface, as far as the wall uses it. */

import { overAt } from "./model/model";
import type {
  Alert,
  Incident,
  Indicator,
  Observation,
  ReducedObservation,
  Site,
  Step,
  Task,
  Thing,
  User,
} from "./model/shapes";
import type { PastAnswer } from "./past/past";

/** What stands now where a step came too late: an alert, an incident or a task. */
export interface Current {
  id: string;
  version: number;
  state?: string;
  steps?: Step[];
}

/** A refusal of the server (RFC 9457), or no answer at all (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** The object as it stands, where the step came too late (409). */
    readonly current: Current | null,
  ) {
    super(`${status} ${title} ${detail}`.trim());
  }
}

interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** More pages than this of one list are not a wall's business. */
const MOST_PAGES = 20;

export class Api {
  /** @param token - a display token from the address, where the server left it there. */
  constructor(private token: string | null = null) {}

  site(): Promise<Site> {
    return this.call("GET", "/site");
  }

  things(): Promise<Thing[]> {
    return this.all("/things?limit=1000");
  }

  thing(id: string): Promise<Thing> {
    return this.call("GET", `/things/${encodeURIComponent(id)}`);
  }

  /** Every alert that is not closed. */
  async openAlerts(): Promise<Alert[]> {
    const lists = await Promise.all(
      ["unacknowledged", "acknowledged", "returned"].map((state) =>
        this.all<Alert>(`/alerts?state=${state}&limit=1000`),
      ),
    );
    return lists.flat();
  }

  /** The alerts that are over, those raised last, at most so many. */
  async closedAlerts(most: number): Promise<Alert[]> {
    const page = await this.call<Page<Alert>>("GET", `/alerts?state=closed&limit=${most}`);
    return page.items;
  }

  /** How everything stood on a board at a moment, with what had just been over then. */
  async past(at: number, board: string, most: number): Promise<[PastAnswer, readonly Alert[]]> {
    const moment = new Date(at * 1000).toISOString();
    const [answer, over] = await Promise.all([
      this.call<PastAnswer>("GET", `/snapshot?${new URLSearchParams({ at: moment, board })}`),
      this.call<Page<Alert>>(
        "GET",
        `/alerts?${new URLSearchParams({ state: "closed", to: moment, limit: String(most) })}`,
      ),
    ]);
    return [answer, over.items.filter((alert) => overAt(alert) <= at)];
  }

  /** Whatever a path gives, for a panel that knows what to make of it. */
  read(path: string): Promise<unknown> {
    return this.call("GET", path);
  }

  /**
   * Every incident and task that is not closed, as far as whoever asks may see them.
   *
   * @param tasks - whether to ask for tasks: a screen without a person is never told of them.
   */
  async openCases(tasks: boolean): Promise<{ incidents: Incident[]; tasks: Task[] }> {
    const [incidents, given] = await Promise.all([
      this.allowed<Incident>("/incidents?limit=1000"),
      tasks ? this.allowed<Task>("/tasks?limit=1000") : [],
    ]);
    return { incidents, tasks: given };
  }

  indicators(): Promise<Indicator[]> {
    return this.all("/indicators?limit=1000");
  }

  /** One datastream's past, reduced to about `points` points; times in seconds. */
  async history(
    key: string,
    from: number,
    to: number,
    points: number,
  ): Promise<(Observation | ReducedObservation)[]> {
    const slash = key.lastIndexOf("/");
    const query = new URLSearchParams({
      from: new Date(from * 1000).toISOString(),
      to: new Date(to * 1000).toISOString(),
      points: String(points),
    });
    const path =
      `/things/${encodeURIComponent(key.slice(0, slash))}` +
      `/datastreams/${encodeURIComponent(key.slice(slash + 1))}/observations?${query}`;
    const page = await this.call<Page<Observation | ReducedObservation>>("GET", path);
    return page.items;
  }

  /** Do something: whatever the path's answer is, for who knows what to make of it. */
  send(path: string, body: object): Promise<unknown> {
    return this.call("POST", path, body);
  }

  /** Take something away. */
  remove(path: string): Promise<unknown> {
    return this.call("DELETE", path);
  }

  async login(username: string, password: string): Promise<User> {
    const session = await this.call<{ token: string; user: User }>("POST", "/session", {
      username,
      password,
    });
    // The cookie carries the login from here on; a display token would speak louder than it.
    this.token = null;
    return session.user;
  }

  async logout(): Promise<void> {
    await this.call("DELETE", "/session");
  }

  async me(): Promise<User | null> {
    try {
      const me = await this.call<User | { user: User }>("GET", "/me");
      return "user" in me ? me.user : me;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  /** The address of the stream, on this page's own origin. */
  streamAddress(): string {
    const address = new URL("/api/v1/stream", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    if (this.token) address.searchParams.set("token", this.token);
    return address.href;
  }

  /** A list, or an empty one for whom it is not. */
  private async allowed<Item>(path: string): Promise<Item[]> {
    try {
      return await this.all(path);
    } catch (error) {
      if (error instanceof Problem && error.status === 403) return [];
      throw error;
    }
  }

  private async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const answer: Page<Item> = await this.call("GET", path + query);
      items.push(...answer.items);
      cursor = answer.next;
      if (cursor === null) break;
    }
    return items;
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (body) headers["content-type"] = "application/json";
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    let response: Response;
    try {
      response = await fetch(`/api/v1${path}`, {
        method,
        headers,
        credentials: "same-origin",
        cache: "no-store",
        body: body ? JSON.stringify(body) : undefined,
      });
    } catch (error) {
      throw new Problem(0, "no answer", String(error), null);
    }
    const text = await response.text();
    let answer: unknown = null;
    try {
      answer = text === "" ? null : JSON.parse(text);
    } catch {
      // A proxy's error page is not JSON; the status says enough.
    }
    if (response.ok) return answer as Answer;
    const problem = (answer ?? {}) as { title?: string; detail?: unknown; current?: Current };
    const detail = typeof problem.detail === "string" ? problem.detail : "";
    const title = problem.title ?? response.statusText;
    throw new Problem(response.status, title, detail, problem.current ?? null);
  }
}
