import type { MeasuredHouse } from "./house.ts";

const SHORT_LINES = 15;
const MANY_PARAMS = 4;

const COLUMNS = [
  "",
  "files",
  "lines",
  "file p50/p90",
  `<=${SHORT_LINES} lines`,
  "fn p50/p90/p99",
  `${MANY_PARAMS}+ params`,
  "as/kloc",
  "test:source",
  "circles",
  "of values",
];

/** The house's figures as a Markdown table, a row for each part, and the largest circle by name. */
export function describeHouse(house: MeasuredHouse): string {
  const rows = partsOf(house).map((part) => describePart(part, house));
  const table = [COLUMNS, COLUMNS.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`);
  const [largest] = house.circles;
  const named =
    largest === undefined ? "" : `\nThe largest circle:\n${largest.map((path) => `  ${path}\n`).join("")}`;
  return table.join("") + named;
}

interface Part {
  readonly name: string;
  has(path: string): boolean;
}

/** Top folders, services, and both all that runs in production and all there is. */
function partsOf({ sources }: MeasuredHouse): Part[] {
  const under = (name: string): Part => ({ name, has: (path) => path.startsWith(`${name}/`) });
  const tops = new Set(
    sources
      .map(({ path }) => path.split("/"))
      .flatMap(([top, ...rest]) => (top !== undefined && rest.length > 0 ? [top] : [])),
  );
  const services = new Set(
    sources.map(({ path }) => path.split("/", 2).join("/")).filter((path) => path.startsWith("services/")),
  );
  const SHIPPED = ["kit", "services", "cli", "codegen"];
  return [
    ...[...tops].sort().map(under),
    ...[...services].sort().map(under),
    { name: SHIPPED.join("+"), has: (path) => SHIPPED.some((top) => path.startsWith(`${top}/`)) },
    { name: "all", has: () => true },
  ];
}

function describePart({ name, has }: Part, house: MeasuredHouse): string[] {
  const sources = house.sources.filter(({ path }) => has(path));
  const functions = sources.flatMap((file) => file.functions);
  const lines = sum(sources.map((file) => file.lines));
  const fileLines = sources.map((file) => file.lines);
  const functionLines = functions.map((one) => one.lines);
  const testLines = sum(house.tests.filter(({ path }) => has(path)).map((file) => file.lines));
  const sizes = (circles: readonly (readonly string[])[]) =>
    circles
      .filter((circle) => circle.some(has))
      .map((circle) => circle.length)
      .join(" ") || "none";
  return [
    name,
    String(sources.length),
    String(lines),
    `${at(fileLines, 0.5)}/${at(fileLines, 0.9)}`,
    share(fileLines.filter((count) => count <= SHORT_LINES).length, sources.length),
    `${at(functionLines, 0.5)}/${at(functionLines, 0.9)}/${at(functionLines, 0.99)}`,
    `${functions.filter(({ params }) => params >= MANY_PARAMS).length} (${share(functions.filter(({ params }) => params >= MANY_PARAMS).length, functions.length)})`,
    ((1000 * sum(sources.map((file) => file.casts))) / lines).toFixed(2),
    (testLines / lines).toFixed(2),
    sizes(house.circles),
    sizes(house.valueCircles),
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function share(count: number, of: number): string {
  return `${((100 * count) / of).toFixed(1)} %`;
}

/** The value that a share of `numbers` does not exceed (nearest rank). */
function at(numbers: readonly number[], quantile: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? 0;
}
