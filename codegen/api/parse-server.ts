import type { Lexer, Placed } from "./lexer.ts";
import { readSign, readWord } from "./parse-type.ts";
import type { ApiRoute } from "./schema.ts";

/** What an `@server` block says about the routes of the service block after it. */
export interface ServerBlock
  extends Pick<
    ApiRoute,
    "auth" | "group" | "raw" | "middlewares" | "timeoutMs" | "bodyBytesMax" | "events" | "tags"
  > {
  readonly prefix: string;
}

export const NO_SERVER: ServerBlock = { auth: false, group: "", prefix: "", raw: false };

const PATH = /^(\/[A-Za-z0-9._~-]+)+$|^\/$/;
const GROUP = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;
/** What nobody here would do, and what leaving it out would open. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["signature", "no signature: requests signed with go-zero's keys cannot be checked here"],
  ["jwtTransition", "jwt alone: a second secret cannot be checked here"],
]);

export function isPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * What stands in the brackets of `@server`. Keys that mean nothing here, such as `authType` of goctl's API description, are
 * left alone as goctl leaves them.
 */
export function parseServer(lexer: Lexer): ServerBlock {
  const values = parseServerValues(lexer);
  const middlewares = listOf(values.get("middleware"));
  const tags = listOf(values.get("tags"));
  const timeoutMs = durationOf(lexer, values.get("timeout"));
  const bodyBytesMax = bytesOf(lexer, values.get("maxBytes"));
  for (const { value, at } of middlewares) {
    if (!NAME.test(value))
      throw lexer.error(at, `the middleware "${value}"`, "a name, or several with commas");
  }
  return {
    auth: values.has("jwt"),
    group: groupOf(lexer, values.get("group")),
    prefix: prefixOf(lexer, values.get("prefix")),
    raw: isRaw(lexer, values.get("body")),
    ...(middlewares.length > 0 && { middlewares: middlewares.map(({ value }) => value) }),
    ...(tags.length > 0 && { tags: tags.map(({ value }) => value) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(bodyBytesMax !== undefined && { bodyBytesMax }),
    ...(values.get("sse")?.value === "true" && { events: true as const }),
  };
}

function parseServerValues(lexer: Lexer): Map<string, Placed> {
  readSign(lexer, "(");
  const values = new Map<string, Placed>();
  while (!lexer.sees(")")) {
    const key = readWord(lexer, 'a key or ")"');
    if (values.has(key.value)) throw lexer.error(key.at, `a second key "${key.value}"`, "each key once");
    readSign(lexer, ":");
    const value = lexer.serverValue();
    const reason = value.value === "false" ? undefined : REFUSED.get(key.value);
    if (reason !== undefined) throw lexer.error(key.at, `the key "${key.value}"`, reason);
    values.set(key.value, value);
  }
  lexer.next();
  return values;
}

function listOf(value: Placed | undefined): Placed[] {
  if (value === undefined) return [];
  const texts = value.value.split(",").map((text) => text.trim());
  return texts.filter((text) => text !== "").map((text) => ({ value: text, at: value.at }));
}

function groupOf(lexer: Lexer, group: Placed | undefined): string {
  const name = trimSlashes(group?.value ?? "");
  if (group !== undefined && !GROUP.test(name)) {
    throw lexer.error(group.at, `the group "${group.value}"`, "a folder name like admin or admin/user");
  }
  return name;
}

function prefixOf(lexer: Lexer, prefix: Placed | undefined): string {
  const path = prefix === undefined || prefix.value === "/" ? "" : `/${trimSlashes(prefix.value)}`;
  if (
    prefix !== undefined &&
    path !== "" &&
    !isPath(path.replace(/\/:[A-Za-z_][A-Za-z0-9_]*(?=\/|$)/g, "/x"))
  ) {
    throw lexer.error(prefix.at, `the prefix "${prefix.value}"`, "a path like /v1");
  }
  return path;
}

function isRaw(lexer: Lexer, body: Placed | undefined): boolean {
  if (body !== undefined && body.value !== "raw") {
    throw lexer.error(body.at, `the body "${body.value}"`, "raw, or no such line: bodies are JSON then");
  }
  return body !== undefined;
}

/** Go's duration, in milliseconds: `1h2m`, `3s`, `500ms`. */
function durationOf(lexer: Lexer, timeout: Placed | undefined): number | undefined {
  if (timeout === undefined) return undefined;
  if (timeout.value === "0") return 0;
  if (!DURATION.test(timeout.value) || timeout.value.length > 40)
    throw lexer.error(timeout.at, `the timeout "${timeout.value}"`, "a duration like 3s, 500ms or 1h30m");
  let sum = 0;
  for (const [, amount, unit = ""] of timeout.value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(amount) * (UNIT_MS[unit] ?? 0);
  return Math.ceil(sum);
}

function bytesOf(lexer: Lexer, maxBytes: Placed | undefined): number | undefined {
  if (maxBytes === undefined) return undefined;
  if (!/^\d{1,15}$/.test(maxBytes.value))
    throw lexer.error(maxBytes.at, `the maxBytes "${maxBytes.value}"`, "a number of bytes");
  return Number(maxBytes.value);
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
