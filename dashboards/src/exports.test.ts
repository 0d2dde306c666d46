import { describe, expect, it } from "vitest";
import { cell, csv, rowsOf } from "./exports";

describe("a panel as CSV", () => {
  it("lets no text be a formula, and leaves numbers alone", () => {
    for (const text of ["=1+1", "+1", "-1", "@sum", "\t=1", "＝1", "＠x"]) {
      expect(cell(text).replace(/^"/, "").startsWith("'")).toBe(true);
    }
    expect(cell(-1.5)).toBe("-1.5");
    expect(cell(null)).toBe("");
    expect(cell(Number.NaN)).toBe("");
    expect(cell('a "b", c')).toBe('"a ""b"", c"');
    expect(cell("a\0b")).toBe("a\\x00b");
  });

  it("begins with the mark of UTF-8 and ends each line as spreadsheets expect", () => {
    expect(
      csv([
        ["Mường Ảng", 1],
        ["=x", null],
      ]),
    ).toBe("\uFEFFMường Ảng,1\r\n'=x,\r\n");
  });

  it("takes a panel's own numbers first, then its table, then its list", () => {
    const panel = document.createElement("section");
    const list = document.createElement("ul");
    const line = document.createElement("li");
    for (const word of ["Trạm 1", "  52,4\n mm "]) {
      const span = document.createElement("span");
      span.textContent = word;
      line.append(span);
    }
    list.append(line);
    const body = document.createElement("div");
    body.append(list);
    panel.append(body);
    expect(rowsOf(panel)).toEqual([["Trạm 1", "52,4 mm"]]);
    const table = document.createElement("table");
    const row = table.insertRow();
    row.insertCell().textContent = "a";
    row.insertCell().textContent = "b";
    body.append(table);
    expect(rowsOf(panel)).toEqual([["a", "b"]]);
    Object.assign(body, { exported: () => [[1, 2]] });
    expect(rowsOf(panel)).toEqual([[1, 2]]);
  });
});
