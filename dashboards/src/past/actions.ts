/** What may be asked and pressed of a wall that shows the past: to look, and to move on. */

import type { Answer } from "../answers";
import { Problem } from "../api";
import type { App } from "../app";
import type { Actions } from "../store";
import { addressOf } from "./moment";

/** An indicator's past is asked for up to the moment shown, cut to so many seconds. */
const COARSE = 300;
const TREND = /^\/indicators\/[^/?]+\?/;
const NOT_KEPT: Answer<never> = {
  body: null,
  problem: new Problem(0, "of now only", "the past of this is not kept", null),
};

/** Panels whose content is of now alone: a tile says so in their place. */
export const OF_NOW: ReadonlySet<string> = new Set([
  "briefs",
  "duty",
  "held",
  "notifications",
  "performance",
  "records",
  "refused",
  "review",
]);

/** Give the actions, which in the past change nothing and ask for nothing of now. */
export function onlyLooked(app: App, actions: Actions): Actions {
  const live = <Result>(then: () => Result, past: Result): Result => (app.past ? past : then());
  return {
    ...actions,
    acknowledge: (alert) => live(() => actions.acknowledge(alert), undefined),
    begin: (deed, on, preset) => live(() => actions.begin(deed, on, preset), undefined),
    deeds: (target) => live(() => actions.deeds(target), []),
    looked: (at) => live(() => actions.looked(at), undefined),
    mayBegin: (deed, on) => live(() => actions.mayBegin(deed, on), false),
    ask: <Body>(path: string, seconds: number): Answer<Body> => {
      if (!app.past) return actions.ask<Body>(path, seconds);
      if (!TREND.test(path) || !Number.isFinite(app.model.now)) return NOT_KEPT;
      const to = new Date(Math.floor(app.model.now / COARSE) * COARSE * 1000).toISOString();
      return actions.ask<Body>(`${path}&${new URLSearchParams({ to })}`, seconds);
    },
  };
}

/** The keys of the past; false for any other. A comma goes back, also from a wall of now. */
export function pressPast(app: App, key: string): boolean {
  const { past } = app;
  if (!past) {
    // A screen nobody sits at stays in the present, whoever leans on its keys.
    const query = new URLSearchParams(location.search);
    if (query.has("screen") || query.has("kiosk")) return false;
    if (key !== "," || !app.model.site || !Number.isFinite(app.model.now)) return false;
    location.assign(addressOf(location.search, app.siteNow() - COARSE));
    return true;
  }
  if (key === " " && document.activeElement === document.body) past.turnPlaying();
  else if (key === ",") past.step(-1);
  else if (key === ".") past.step(1);
  else if (key === "x") past.faster();
  else if (key === "Escape") location.assign(addressOf(location.search, null));
  else return false;
  return true;
}
