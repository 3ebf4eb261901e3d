import type { CallExpression, Node } from "oxc-parser";
import { type Finding, isTest, lineAt, type RepositoryFile, type Rule } from "./repository.ts";
import { dottedName, parseFile, visitNodes } from "./syntax.ts";

const SWITCHED = /^(test|it|describe|suite|t|context)\.(only|skip|todo)$/;
const DEFINES_TEST = /^(test|it|describe|suite)$/;

/** A test that does not run says why in the summary; none runs alone and none is a promise. */
export const switchedTests: Rule = {
  name: "every test runs, or says why not",
  check: (files) => files.filter(({ path }) => isTest(path)).flatMap(switchesIn),
};

function switchesIn(file: RepositoryFile): Finding[] {
  const found: Finding[] = [];
  visitNodes(parseFile(file).program, (node) => {
    if (node.type !== "CallExpression") return;
    const message = switchedCall(node) ?? switchedOption(node);
    if (message !== undefined) found.push({ path: file.path, line: lineAt(file.text, node.start), message });
  });
  return found;
}

function switchedCall(call: CallExpression): string | undefined {
  const name = dottedName(call.callee);
  if (name === undefined || !SWITCHED.test(name)) return undefined;
  const fromInside = name === "t.skip" || name === "context.skip";
  if (fromInside && call.arguments.length > 0) return undefined;
  return fromInside
    ? `${name}() without a reason`
    : `${name}; use the option { skip: "<reason>" } for a missing part`;
}

function switchedOption(call: CallExpression): string | undefined {
  if (!DEFINES_TEST.test(dottedName(call.callee) ?? "")) return undefined;
  const properties = call.arguments.flatMap((argument) =>
    argument.type === "ObjectExpression" ? argument.properties : [],
  );
  for (const property of properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    const option = property.key.name;
    if (option === "only" || option === "todo") return `option ${option}`;
    if (option === "skip" && isReasonless(property.value)) return "option skip without a reason";
  }
  return undefined;
}

/** A plain yes or no: the report could not say why. */
function isReasonless(node: Node): boolean {
  const isBoolean = node.type === "Literal" && node.value === true;
  return isBoolean || node.type === "BinaryExpression" || node.type === "UnaryExpression";
}
