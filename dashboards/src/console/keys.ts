/**
 * The console's keys: what a key is meant for, and the way between rows by arrows.
 *
 * A key is meant for what the focus stands on; else for what the detail shows; else for the rows
 * chosen in the list of alerts. No key works while somebody writes.
 */

import type { Subject } from "../store";
import type { Target } from "./desk";

/** A list of alerts that can say which of them are meant. */
export interface Chooser extends HTMLElement {
  meant(): string[];
}

/** What the focus stands on, or null. */
export function targetsAt(active: Element | null, opened: Subject | null): Target[] {
  const row = active?.closest<HTMLElement>("[data-task], [data-incident], [role=row][data-alert]");
  if (row?.dataset.task) return [{ task: row.dataset.task }];
  if (row?.dataset.incident) return [{ incident: row.dataset.incident }];
  const chooser = document.querySelector<Chooser>("ioc-panel-console");
  if (row && chooser?.contains(row)) return chooser.meant().map((alert) => ({ alert }));
  if (opened) {
    if ("alert" in opened) return [{ alert: opened.alert }];
    if ("incident" in opened) return [{ incident: opened.incident }];
    if ("task" in opened) return [{ task: opened.task }];
    return [];
  }
  return chooser ? chooser.meant().map((alert) => ({ alert })) : [];
}

/**
 * Move the focus within a group of buttons by the arrows, Home and End.
 *
 * @returns whether the key was one of these.
 */
export function rove(
  event: KeyboardEvent,
  buttons: readonly HTMLElement[],
  along: "x" | "y",
): boolean {
  const steps: Record<string, number> =
    along === "x" ? { ArrowRight: 1, ArrowLeft: -1 } : { ArrowDown: 1, ArrowUp: -1 };
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const by = steps[event.key];
  if (at < 0) return false;
  let to: number;
  if (event.key === "Home") to = 0;
  else if (event.key === "End") to = buttons.length - 1;
  else if (by !== undefined) to = at + by;
  else return false;
  const next = buttons[Math.min(buttons.length - 1, Math.max(0, to))];
  if (!next) return false;
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** Leave one way in to a group by Tab: the button last used, else the first. */
export function oneWayIn(buttons: readonly HTMLElement[]): void {
  const inside = buttons.find((button) => button === document.activeElement);
  const kept = inside ?? buttons.find((button) => button.tabIndex === 0) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === kept ? 0 : -1;
}
