import type { Node } from "oxc-parser";
import { type Finding, isSource, isTest, lineAt, type RepositoryFile, type Rule } from "./repository.ts";
import { dottedName, parseFile, visitNodes } from "./syntax.ts";

/** The system runtime and its pool of chance are the one place that touches the machine's clock and chance; logs only stamp lines, and what drives an SDK is a process of its own. */
const EXEMPT = /^kit\/(runtime\/runtime\.ts$|log\/|testing\/)|^channel-sim\/oracles\//;

const READS = /^(globalThis\.)?(Date\.now|performance\.now|Math\.random|process\.hrtime(\.bigint)?)$/;
const TIMERS = /^(globalThis\.)?(setTimeout|setInterval|setImmediate)$/;
const RANDOM_NAMES =
  /^(randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues|webcrypto)$/;

/** What is not deterministic comes in through `Runtime`, so that the same code runs in a simulation. */
export const determinism: Rule = {
  name: "clock, chance and timers come from the runtime",
  check: (files) =>
    files
      .filter(
        ({ path }) =>
          /^(kit|services|channel-sim)\//.test(path) && isSource(path) && !isTest(path) && !EXEMPT.test(path),
      )
      .flatMap(machineReads),
};

function machineReads(file: RepositoryFile): Finding[] {
  const found: Finding[] = [];
  visitNodes(parseFile(file).program, (node) => {
    const what = machineRead(node);
    if (what === undefined) return;
    found.push({
      path: file.path,
      line: lineAt(file.text, node.start),
      message: `${what}; take it from Runtime`,
    });
  });
  return found;
}

function machineRead(node: Node): string | undefined {
  switch (node.type) {
    case "MemberExpression":
    case "CallExpression":
      return namedRead(node);
    case "NewExpression":
      return dottedName(node.callee) === "Date" && node.arguments.length === 0 ? "new Date()" : undefined;
    case "ImportDeclaration":
      return importedRead(
        node.source.value,
        node.specifiers.map((specifier) => specifier.local.name),
      );
    default:
      return undefined;
  }
}

function namedRead(node: Node): string | undefined {
  if (node.type === "CallExpression") {
    const name = dottedName(node.callee);
    return name !== undefined && (TIMERS.test(name) || name === "Date") ? `${name}()` : undefined;
  }
  const name = dottedName(node);
  if (name === undefined) return undefined;
  const [object, member = ""] = name.split(".").slice(-2);
  if (object === "crypto" && RANDOM_NAMES.test(member)) return name;
  return READS.test(name) ? name : undefined;
}

function importedRead(module: string, names: string[]): string | undefined {
  if (/^(node:)?timers(\/promises)?$/.test(module)) return `import of ${module}`;
  if (!/^(node:)?crypto$/.test(module)) return undefined;
  const random = names.find((name) => RANDOM_NAMES.test(name));
  return random === undefined ? undefined : `${random} of ${module}`;
}
