import type { Node } from "oxc-parser";
import { type Finding, isTest, lineAt, type RepositoryFile, type Rule } from "./repository.ts";
import { dottedName, numberOf, parseFile, visitNodes } from "./syntax.ts";

/** Shorter waits are polling steps of a loop that watches a condition. */
const SLEEP_MS_MIN = 100;

/**
 * Tests wait on conditions: a fixed pause is too long on a fast machine and too short on a busy one. A
 * deadline that rejects is no pause, it only ends a wait that failed.
 */
export const sleepingTests: Rule = {
  name: "tests do not sleep",
  check: (files) => files.filter(({ path }) => isTest(path)).flatMap(sleepsIn),
};

function sleepsIn(file: RepositoryFile): Finding[] {
  const found: Finding[] = [];
  visitNodes(parseFile(file).program, (node) => {
    const sleepMs = awaitedPause(node) ?? resolvingTimer(node);
    if (sleepMs === undefined || sleepMs < SLEEP_MS_MIN) return;
    found.push({
      path: file.path,
      line: lineAt(file.text, node.start),
      message: `sleeps ${sleepMs} ms; wait on a condition`,
    });
  });
  return found;
}

/** `await setTimeout(500)` of node:timers/promises, or of a helper by a usual name. */
function awaitedPause(node: Node): number | undefined {
  if (node.type !== "AwaitExpression" || node.argument.type !== "CallExpression") return undefined;
  const name = dottedName(node.argument.callee)?.split(".").at(-1);
  return /^(setTimeout|sleep|delay|pause|wait)$/.test(name ?? "")
    ? numberOf(node.argument.arguments[0])
    : undefined;
}

/** `new Promise((resolve) => setTimeout(resolve, 500))`. */
function resolvingTimer(node: Node): number | undefined {
  if (node.type !== "NewExpression" || dottedName(node.callee) !== "Promise") return undefined;
  const executor = node.arguments[0];
  if (executor?.type !== "ArrowFunctionExpression" && executor?.type !== "FunctionExpression")
    return undefined;
  const parameter = executor.params[0];
  if (executor.body === null || parameter?.type !== "Identifier") return undefined;
  let sleepMs: number | undefined;
  visitNodes(executor.body, (inner) => {
    if (inner.type !== "CallExpression" || dottedName(inner.callee) !== "setTimeout") return;
    if (callsOrIs(inner.arguments[0], parameter.name)) sleepMs = numberOf(inner.arguments[1]);
  });
  return sleepMs;
}

function callsOrIs(callback: Node | undefined, resolve: string): boolean {
  if (callback === undefined) return false;
  let found = false;
  visitNodes(callback, (node) => {
    if (node.type === "Identifier" && node.name === resolve) found = true;
  });
  return found;
}
