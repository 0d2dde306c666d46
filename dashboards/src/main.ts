/** Where the wall begins: reads the address, puts the parts together, opens the link. */

import "uplot/dist/uPlot.min.css";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/beside.css";
import "./styles/panels.css";
import "./styles/console.css";
import "./styles/past.css";
import "./styles/narrow.css";
import "./styles/print.css";
import { App } from "./app";
import "./board";
import "./console/question";
import "./detail/detail";
import "./dialogs";
import "./header";
import "./panels/alerts";
import "./panels/briefs";
import "./panels/cases";
import "./panels/chart";
import "./panels/console";
import "./panels/duty";
import "./panels/freshness";
import "./panels/indicator";
import "./panels/indicators";
import "./panels/levels";
import "./panels/map";
import "./panels/held";
import "./panels/matrix";
import "./panels/newest";
import "./panels/note";
import "./panels/oversight";
import "./panels/ranking";
import "./panels/records";
import "./panels/review";
import "./panels/status";
import "./panels/table";
import "./panels/trend";
import "./past/bar";
import { keptTheme, setTheme, themeOf } from "./theme";
import type { Wall } from "./wall";
import "./wall";

allowOwnWorkers();

const query = new URLSearchParams(location.search);
const token = query.get("token");
if (token !== null) {
  // The server swaps a token for a cookie; where it did not, it must still leave the address.
  query.delete("token");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
}

setTheme(query.has("theme") ? themeOf(query.get("theme")) : keptTheme());

const app = new App(token, query.get("lang"), query.get("board") ?? "wall", {
  at: query.get("at"),
  speed: query.get("speed"),
});
const wall = document.querySelector<Wall>("ioc-wall");
if (wall) {
  wall.begin(app);
  window.addEventListener("popstate", () => {
    app.setBoard(new URLSearchParams(location.search).get("board") ?? "wall");
  });
  void app.start();
}

/**
 * Let workers be started from this origin where the page's policy demands trusted types.
 *
 * Without it the map's worker would be refused; with it any other address still is.
 */
function allowOwnWorkers(): void {
  interface Policies {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
  }
  const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
  policies?.createPolicy("default", {
    createScriptURL(url) {
      if (new URL(url, location.href).origin === location.origin) return url;
      throw new TypeError(`no script is run from ${url}`);
    },
  });
}
