/**
 * A panel as a file: its table as CSV, its look as PNG. Both are made here, in the browser; nothing
 * is asked of anybody but this origin's own fonts. The menu comes with the right mouse button or
 * the menu key.
 */

import type { App } from "./app";

export type Cells = readonly (string | number | null)[];

/** A panel that knows its numbers better than its page shows them, such as a chart. */
export interface Exported {
  exported(): readonly Cells[];
}

/** A panel whose canvas must be drawn anew to be read. */
export interface Pictured {
  beforePicture(): void;
}

/** A text that begins like one of these is a formula to a spreadsheet (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const SVG = "http://www.w3.org/2000/svg";
const XHTML = "http://www.w3.org/1999/xhtml";
/** The picture's pixels for one of the page's: sharp on paper too. */
const SCALE = 2;

/** One cell of a CSV that a spreadsheet shows and never runs; numbers stay numbers. */
export function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const shown = value.replaceAll("\0", "\\x00");
  const safe = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV; the mark in front tells spreadsheets that it is UTF-8. */
export function csv(rows: readonly Cells[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** What a panel shows, row by row: its own numbers, else its tables, else its lists. */
export function rowsOf(panel: Element): readonly Cells[] {
  const own = panel.firstElementChild as (Element & Partial<Exported>) | null;
  if (own?.exported) return own.exported();
  const tables = [...panel.querySelectorAll("table tr")].map((row) => texts([...row.children]));
  if (tables.length > 0) return tables;
  const lines = [...panel.querySelectorAll("li")].map((line) => texts(leaves(line)));
  return lines.length > 0 ? lines : [texts([...panel.querySelectorAll(".panel-body > *")])];
}

/** The menu of one board: on a panel it offers the two files. */
export function offerExports(root: HTMLElement, app: App): void {
  let menu: HTMLElement | null = null;
  const close = (): void => {
    menu?.remove();
    menu = null;
  };
  root.addEventListener("contextmenu", (event) => {
    const panel = (event.target as Element).closest<HTMLElement>("section.panel");
    if (!panel) return;
    event.preventDefault();
    close();
    menu = opened(panel, app, close);
    menu.style.left = `${Math.min(event.clientX, innerWidth - 220)}px`;
    menu.style.top = `${Math.min(event.clientY, innerHeight - 110)}px`;
    document.body.append(menu);
    menu.querySelector("button")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu && !menu.contains(event.target as Node)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

function opened(panel: HTMLElement, app: App, close: () => void): HTMLElement {
  const menu = document.createElement("div");
  menu.className = "export-menu";
  menu.setAttribute("role", "menu");
  const name = `${panel.closest<HTMLElement>("[data-board]")?.dataset.board ?? "ioc"}-${panel.dataset.panel ?? "panel"}`;
  const files: [string, () => Promise<Blob>][] = [
    ["csv", async () => new Blob([csv(rowsOf(panel))], { type: "text/csv;charset=utf-8" })],
    ["png", () => picture(panel)],
  ];
  for (const [kind, make] of files) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.export = kind;
    button.setAttribute("role", "menuitem");
    button.textContent = app.words.text(`wall-export-${kind}`);
    button.addEventListener("click", () => {
      close();
      make().then(
        (file) => save(file, `${name}.${kind}`),
        (error: unknown) => console.warn(`${name}.${kind}:`, error),
      );
    });
    menu.append(button);
  }
  return menu;
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Draw an element as it looks now: its copy, with every style on it, as a picture in a picture. */
export async function picture(element: HTMLElement): Promise<Blob> {
  const { width, height } = element.getBoundingClientRect();
  const own = element.firstElementChild as (Element & Partial<Pictured>) | null;
  own?.beforePicture?.();
  const copy = styled(element) as HTMLElement;
  copy.style.margin = "0";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  const style = document.createElementNS(XHTML, "style");
  style.textContent = await faces();
  const held = document.createElementNS(SVG, "foreignObject");
  held.setAttribute("width", "100%");
  held.setAttribute("height", "100%");
  held.append(style, copy);
  svg.append(held);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(height * SCALE);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws no canvas");
  pen.scale(SCALE, SCALE);
  pen.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

/** Copy an element with its computed style on it; a canvas becomes the picture it shows. */
function styled(element: Element): Element {
  if (element instanceof HTMLCanvasElement) return shot(element);
  const copy = element.cloneNode(false) as HTMLElement;
  const style = getComputedStyle(element);
  for (const name of style) copy.style?.setProperty(name, style.getPropertyValue(name));
  for (const child of element.childNodes) {
    if (child instanceof Element) copy.append(styled(child));
    else if (child instanceof Text) copy.append(child.cloneNode());
  }
  return copy;
}

function shot(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = document.createElement("img");
  image.src = canvas.toDataURL();
  const style = getComputedStyle(canvas);
  for (const name of ["width", "height", "position", "left", "top", "display"]) {
    image.style.setProperty(name, style.getPropertyValue(name));
  }
  return image;
}

/** The page's typefaces with their files inside: a picture reaches for nothing. */
async function faces(): Promise<string> {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const found = rules.filter((rule) => rule instanceof CSSFontFaceRule);
  return (await Promise.all(found.map((rule) => inlined(rule)))).join("\n");
}

async function inlined(rule: CSSFontFaceRule): Promise<string> {
  const text = rule.cssText;
  const address = /url\("?([^")]+)"?\)/.exec(text)?.[1];
  if (!address || address.startsWith("data:")) return text;
  const file = await fetch(new URL(address, rule.parentStyleSheet?.href ?? location.href));
  const bytes = new Uint8Array(await file.arrayBuffer());
  const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replace(address, `data:font/woff2;base64,${data}`);
}

function texts(cells: readonly Element[]): Cells {
  return cells.map((one) => (one.textContent ?? "").replace(/\s+/g, " ").trim());
}

/** The innermost elements that hold words. */
function leaves(element: Element): Element[] {
  const children = [...element.children].filter((one) => one.textContent?.trim());
  return children.length === 0 ? [element] : children.flatMap(leaves);
}
