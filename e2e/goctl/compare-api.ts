import { posix } from "node:path";
import { formatApi } from "../../codegen/api/format/format-api.ts";
import { parseApi } from "../../codegen/api/parse.ts";
import type { ApiRoute, ApiSchema, ApiType } from "../../codegen/api/schema.ts";
import { typeText } from "../../codegen/api/type-text.ts";
import type { GoctlAnswer, GoRoute, GoType } from "./goctl-program.ts";
import { compareLines, compareVerdict, type WantedVerdicts } from "./verdict.ts";

const WANTED: WantedVerdicts = {
  refusedHere: [
    /found range=, expected it only at numbers/,
    /found "optional=other"/,
    /found the key "(?:signature|jwtTransition)"/,
    /found options=.*expected values of the field's type/,
    /found the default .*expected a value of the field's type/,
    /expected a map key that JSON can write/,
    /found a (?:path|form|header) field of such a type/,
    /found a second route/,
  ],
  refusedThere: [/unsupported any type/, /expected 'IDENT', got 'struct'/],
};

/** Where the two differ on a `.api` contract: whether it is one, its routes, its types' fields, names and types. */
export function compareApi(text: string, said: GoctlAnswer): readonly string[] {
  const { ours, differences } = compareVerdict(said.refused, () => parseApi(text, "a.api"), WANTED);
  if (ours === undefined) return differences;
  return [
    ...compareRoutes(ours, said.routes ?? []),
    ...compareTypes(ours.types, said.types ?? []),
    ...compareLayout(text, said.formatted ?? ""),
  ];
}

/** goctl ends its files with an empty line, and pads the name of a type without fields. */
function compareLayout(text: string, theirs: string): string[] {
  const wanted = theirs.replace(/\n+$/, "\n").replace(/ +\{\}$/gm, " {}");
  const laidOut = formatApi(text, "a.api");
  if (laidOut !== wanted) return [`laid out as ${laidOut}, by goctl as ${wanted}`];
  return formatApi(laidOut, "a.api") === laidOut ? [] : [`laid out again, it is not ${laidOut}`];
}

function compareRoutes({ routes }: ApiSchema, theirs: readonly GoRoute[]): string[] {
  return compareLines("the route", routes.map(routeLine), theirs.map(goRouteLine));
}

function routeLine(route: ApiRoute): string {
  const { method, path, handler, auth, group, request, response, middlewares = [] } = route;
  return [
    method,
    path,
    handler,
    `takes ${request?.name ?? "nothing"}`,
    `gives ${response === undefined ? "nothing" : typeText(response)}`,
    `jwt ${auth}`,
    `group ${group}`,
    `middleware ${middlewares}`,
    `timeout ${route.timeoutMs}`,
    `maxBytes ${route.bodyBytesMax}`,
  ].join(", ");
}

const TIMEOUTS: Readonly<Record<string, number>> = { "3s": 3000 };

function goRouteLine({ method, path, handler, request, response, server }: GoRoute): string {
  const keys = server ?? {};
  const prefix = keys.prefix ?? "/";
  return [
    method.toUpperCase(),
    posix.join(prefix, path).replace(/(?<=.)\/$/, ""),
    handler,
    `takes ${request === "" ? "nothing" : goTypeText(request)}`,
    `gives ${response === "" ? "nothing" : goTypeText(response)}`,
    `jwt ${keys.jwt !== undefined}`,
    `group ${keys.group ?? ""}`,
    `middleware ${(keys.middleware ?? "").split(/, */)}`,
    `timeout ${TIMEOUTS[keys.timeout ?? ""]}`,
    `maxBytes ${keys.maxBytes}`,
  ].join(", ");
}

function compareTypes(ours: readonly ApiType[], theirs: readonly GoType[]): string[] {
  const byName = new Map(theirs.map((type) => [type.name, type]));
  return theirs.flatMap((type) => {
    const own = ours.find(({ name }) => name === upperFirst(type.name));
    if (own === undefined) return [`no type ${type.name} of mallctl`];
    const fields = goFields(type, byName);
    const inBody = new Set(fields.flatMap(({ name, jsonName }) => (jsonName === undefined ? [] : name)));
    const lines = own.fields.map(({ name, jsonName, type: ref }) =>
      fieldLine({ name, type: typeText(ref), jsonName: inBody.has(name) ? jsonName : undefined }),
    );
    return compareLines(`the field of ${type.name}`, lines, fields.map(fieldLine));
  });
}

/** A field with the JSON name that a tag gives it. */
interface Field {
  readonly name: string;
  readonly type: string;
  readonly jsonName: string | undefined;
}

function fieldLine({ name, type, jsonName }: Field): string {
  return `${name} ${type}, json ${jsonName}`;
}

/** Go's rule of embedding: what is declared nearer hides what is deeper. */
function goFields(type: GoType, byName: ReadonlyMap<string, GoType>): Field[] {
  const own = new Set(type.members.flatMap(({ inline, name }) => (inline ? [] : upperFirst(name))));
  return type.members.flatMap((member) => {
    if (!member.inline) return goField(type, member);
    const embedded = byName.get(member.type.replace("*", ""));
    return embedded === undefined ? [] : goFields(embedded, byName).filter(({ name }) => !own.has(name));
  });
}

function goField(type: GoType, member: GoType["members"][number]): Field[] {
  const name = upperFirst(member.name);
  const jsonName = /json:"([^",]*)/.exec(member.tag)?.[1];
  if (jsonName === "-") return [];
  const isInline = member.type.includes("{\n");
  return [{ name, jsonName, type: isInline ? upperFirst(type.name) + name : goTypeText(member.type) }];
}

const GO_TYPES: Readonly<Record<string, string>> = {
  string: "string",
  bool: "boolean",
  any: "unknown",
  "interface{}": "unknown",
};

/** Go's type as TypeScript has it. */
function goTypeText(written: string): string {
  // A comment at the end of a field's line is part of its type to goctl.
  const type = written.replace(/ \/\/.*$/, "");
  if (type.startsWith("*")) return goTypeText(type.slice(1));
  if (type === "[]byte" || type === "[]uint8") return "string";
  const array = /^\[\d*\](.+)$/.exec(type);
  if (array?.[1] !== undefined) return `${goTypeText(array[1])}[]`;
  const map = /^map\[(\w+)\](.+)$/.exec(type);
  if (map?.[2] !== undefined)
    return `Record<${map[1] === "string" ? "string" : "number"}, ${goTypeText(map[2])}>`;
  if (/^(?:u?int\d*|byte|rune|float\d\d)$/.test(type)) return "number";
  return GO_TYPES[type] ?? upperFirst(type);
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
