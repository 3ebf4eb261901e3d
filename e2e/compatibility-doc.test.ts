import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  addedColumns,
  addedFields,
  addedJson,
  addedMethods,
  addedRoutes,
  addedTables,
  type Names,
} from "./support/additions.ts";
import { ROOT } from "./support/readme-commands.ts";

const DOCUMENT = readFileSync(join(ROOT, "docs/compatibility.md"), "utf8");

describe("docs/compatibility.md tells all that is added to go-zero-mall", () => {
  for (const [name, added] of [
    ["added columns", addedColumns],
    ["added methods", addedMethods],
    ["added fields", addedFields],
    ["added json", addedJson],
  ] as const) {
    it(name, () => assert.deepEqual(told(name), sorted(added())));
  }

  it("added tables", () => assert.deepEqual(firstCells("added tables").toSorted(), addedTables()));

  it("added routes", () => assert.deepEqual(firstCells("added routes").toSorted(), addedRoutes()));
});

/** The rows of the table after `<!-- test: name -->`, cell by cell. */
function rowsAfter(name: string): string[][] {
  const mark = `<!-- test: ${name} -->\n`;
  const start = DOCUMENT.indexOf(mark);
  assert.notEqual(start, -1, `docs/compatibility.md has no table ${name}`);
  const [table = ""] = DOCUMENT.slice(start + mark.length).split("\n\n");
  const [, , ...rows] = table.split("\n").filter((line) => line.startsWith("|"));
  return rows.map((row) => row.split("|").slice(1, -1));
}

function codesIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");
}

function firstCells(name: string): string[] {
  return rowsAfter(name).flatMap(([first]) => codesIn(first));
}

/** By what the first cell names, what the second does. */
function told(name: string): Names {
  return sorted(
    Object.fromEntries(rowsAfter(name).map(([first, second]) => [codesIn(first)[0] ?? "", codesIn(second)])),
  );
}

function sorted(names: Names): Names {
  const entries = Object.entries(names).map(([place, each]): [string, string[]] => [
    place,
    [...each].toSorted(),
  ]);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
