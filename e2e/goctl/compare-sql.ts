import { generateModel } from "../../codegen/sql/index.ts";
import type { GoctlAnswer } from "./goctl-program.ts";
import { compareLines, compareVerdict, type WantedVerdicts } from "./verdict.ts";

const WANTED: WantedVerdicts = {
  refusedHere: [],
  refusedThere: [],
};

/** Where the two differ on a `.sql` contract: whether it is one, its rows, its cache keys and its lookups. */
export function compareSql(text: string, said: GoctlAnswer): readonly string[] {
  const { ours, differences } = compareVerdict(said.refused, () => modelText(text), WANTED);
  if (ours === undefined) return differences;
  const theirs = Object.values(said.models ?? {}).join("\n");
  const lookups = compareLines("the lookup", lookupsOf(ours), goLookups(theirs));
  // Of rows that are not kept in Redis nothing else is to be the same.
  if (!ours.includes("  cache: {")) return lookups;
  return [
    ...lookups,
    ...compareLines("the key", keysOf(ours), goKeys(theirs)),
    ...compareLines("the column", columnsOf(ours), goColumns(theirs)),
  ];
}

function modelText(text: string): string {
  const { generated } = generateModel({
    source: text,
    fileName: "a.sql",
    name: "a",
    migrations: [],
    cache: true,
  });
  return generated
    .filter(({ path }) => path.endsWith("-model.ts"))
    .map(({ content }) => content)
    .join("\n");
}

function lookupsOf(model: string): string[] {
  return [...model.matchAll(/^ {2}(findOneBy\w+)\((.*)\): Promise/gm)].map(([, name = "", parameters = ""]) =>
    `${name} of ${parameters.split(", ").length}`.toLowerCase(),
  );
}

function goLookups(model: string): string[] {
  const found = model.matchAll(/^\t\t(FindOneBy\w+)\(ctx context\.Context, (.*)\) \(/gm);
  return [...found].map(([, name = "", parameters = ""]) =>
    `${name} of ${parameters.split(", ").length}`.toLowerCase(),
  );
}

function keysOf(model: string): string[] {
  return [...model.matchAll(/"(cache:[^"]+)"/g)].map(([, key = ""]) => key);
}

/** Keys of times have no use here: Go writes them into keys in a form that no other program would. */
function goKeys(model: string): string[] {
  const times = new Set(
    goColumns(model).flatMap((line) => (/ sql\.NullTime| time\.Time/.test(line) ? line.split(" ")[0] : [])),
  );
  const keys = [...model.matchAll(/= "(cache:[^"]+)"/g)].map(([, key = ""]) => key);
  return keys.filter((key) => !key.split(":").some((part) => times.has(upperFirst(part))));
}

const GO_KINDS: Readonly<Record<string, string>> = {
  integer: "int64",
  text: "string",
  bytes: "string",
  decimal: "float64",
  float: "float64",
  boolean: "bool",
  time: "time.Time",
  date: "time.Time",
};

function columnsOf(model: string): string[] {
  const kinds = new Map(
    [...model.matchAll(/\{ name: "\w+", property: "(\w+)", type: "(\w+)"/g)].map(([, property, kind]) => [
      property,
      kind,
    ]),
  );
  const fields = model.matchAll(/\{ property: "(\w+)", name: "(\w+)"(?:, nullStruct: "(\w+)")? \}/g);
  return [...fields].map(([, property, name, wrapper]) => {
    const type = wrapper === undefined ? GO_KINDS[kinds.get(property) ?? ""] : `sql.Null${wrapper}`;
    return `${name} ${type}`;
  });
}

function goColumns(model: string): string[] {
  return [...model.matchAll(/^\t\t(\w+)\s+([\w.]+)\s+`db:"/gm)].map(
    ([, name, type = ""]) => `${name} ${type === "uint64" ? "int64" : type}`,
  );
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
