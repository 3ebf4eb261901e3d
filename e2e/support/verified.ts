import { setTimeout as pause } from "node:timers/promises";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { type Finding, type MallDatabases, verifyMall } from "../../cli/verify/index.ts";
import { Violation } from "../../sim/invariants/index.ts";

const WAIT_MS_MAX = 30_000;
const LOOK_MS = 100;

/** Data sources of the services, where each has one of its own; the same names may be given more than once. */
type MallSources = Readonly<Record<keyof MallDatabases, string>>;

interface VerifiedOptions {
  /** How many pieces of products there are altogether; by product. */
  readonly initial?: ReadonlyMap<number, number>;
  /** How long everything may take to come to its end, milliseconds. */
  readonly waitMs?: number;
  /** Findings that are the test's own doing. */
  readonly isExpected?: (finding: Finding) => boolean;
}

/**
 * Holds a mall to all that `mall verify` proves, at the end of a suite that moves money: waits until nothing is under
 * way any more, and then nothing may be found.
 *
 * @throws Violation that names each row.
 */
export async function assertVerified(
  sources: string | MallSources,
  options: VerifiedOptions = {},
): Promise<void> {
  const opened = new Map<string, ReturnType<typeof openDatabase>>();
  const open = (dataSource: string): ReturnType<typeof openDatabase> => {
    const known = opened.get(dataSource) ?? openDatabase({ dataSource, runtime: systemRuntime });
    opened.set(dataSource, known);
    return known;
  };
  const { product, order, pay } =
    typeof sources === "string" ? { product: sources, order: sources, pay: sources } : sources;
  try {
    const databases = { product: await open(product), order: await open(order), pay: await open(pay) };
    await assertVerifiedDatabases(databases, options);
  } finally {
    for (const database of opened.values()) await (await database).close();
  }
}

/** As assertVerified, of databases that are open. */
export async function assertVerifiedDatabases(
  databases: MallDatabases,
  { initial = new Map(), waitMs = WAIT_MS_MAX, isExpected = () => false }: VerifiedOptions = {},
): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const findings: Finding[] = [];
    await verifyMall(databases, {
      initial,
      report: (finding) => {
        if (!isExpected(finding)) findings.push(finding);
      },
    });
    if (findings.length === 0) return;
    const isQuiet = findings.some(({ isUnderWay }) => !isUnderWay);
    if (isQuiet || Date.now() >= deadline)
      throw new Violation("mall verify", findings.map(lineOf).join("\n"));
    await pause(LOOK_MS);
  }
}

function lineOf({ kind, text, isUnderWay }: Finding): string {
  return `${kind}: ${text}${isUnderWay ? " (still under way)" : ""}`;
}
