import { beforeEach, describe, expect, it, vi } from "vitest";
import { Format } from "../format";
import { Model } from "../model/model";
import type { View } from "../store";
import { Words } from "../words";
import "./briefs";
import type { PanelElement } from "./panel";

const HOSTILE = '<img src=x onerror="alert(1)">';
const HEAD = {
  id: 'daily-20261124-0700"><script>',
  kind: "daily",
  name: { vi: HOSTILE, en: HOSTILE },
  period: ["2026-11-23T07:00:00+07:00", "2026-11-24T07:00:00+07:00"],
  by: HOSTILE,
};

async function shown(
  role: string,
  answer: object,
  send: () => Promise<unknown> = async () => ({}),
): Promise<PanelElement> {
  const model = new Model();
  model.user = { username: "lan", role, areas: [], agency: null } as unknown as Model["user"];
  const words = new Words("vi");
  const panel = document.createElement("ioc-panel-briefs") as PanelElement & {
    updateComplete: Promise<boolean>;
  };
  panel.setConfig({ id: "briefs", type: "briefs", x: 0, y: 0, w: 4, h: 4 });
  document.body.append(panel);
  panel.data = {
    model,
    words,
    format: new Format(words.locale, "Asia/Ho_Chi_Minh"),
    now: 1_795_000_000,
    actions: { ask: () => ({ body: null, problem: null, ...answer }), send },
  } as unknown as View;
  await panel.updateComplete;
  return panel;
}

beforeEach(() => document.body.replaceChildren());

describe("the panel of briefs", () => {
  it("leads to the page and the PDF of each, with names as text", async () => {
    const panel = await shown("operator", { body: { items: [HEAD] } });
    const places = [...panel.querySelectorAll("a")].map((one) => one.getAttribute("href"));
    const id = encodeURIComponent(HEAD.id);
    expect(places).toEqual([`/brief/${id}?lang=vi`, `/api/v1/briefs/${id}/pdf?lang=vi`]);
    expect(panel.querySelector("img, script")).toBeNull();
  });

  it("has its buttons for leaders and supervisors alone", async () => {
    for (const [role, buttons] of [
      ["leader", 2],
      ["supervisor", 2],
      ["operator", 0],
    ] as const) {
      document.body.replaceChildren();
      const panel = await shown(role, { body: { items: [] } });
      expect(panel.querySelectorAll("button").length).toBe(buttons);
    }
  });

  it("makes one when asked, and says so when that fails", async () => {
    const send = vi.fn(async () => Promise.reject(new Error("away")));
    const panel = await shown("leader", { body: { items: [] } }, send);
    panel.querySelector<HTMLButtonElement>("button[data-brief=shift]")?.click();
    await vi.waitFor(() => {
      expect(panel.querySelector("[role=status]")?.textContent).toContain("Chưa lập được");
    });
    expect(send).toHaveBeenCalledWith("/briefs", { kind: "shift" });
  });
});
