import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError } from "commander";
import { parseDuration } from "../operator/duration.ts";
import { addMallSourceOptions, type MallSourceFlags, withMallDatabases } from "../operator/mall-sources.ts";
import { print } from "../operator/print.ts";
import { tellProgress } from "../operator/tell-progress.ts";
import { findingLines, verifiedLines } from "../operator/verify-text.ts";
import { type Finding, OLDER_THAN_MS, verifyMall } from "../verify/index.ts";

const HELP = `
Compares, while the mall runs and past its caches: the books with the payments (as mall ledger verify does), every
payment with its order, its attempts and its refunds, every order with its pieces of stock; and looks for jobs,
sagas and idempotency keys that do not come to their end. What is in between two steps is under way, and no
difference: somebody works on it, or it is younger than --older-than. Exit code 0: all is well, 1: differences,
each with its rows and what to do, 3: it could not be compared. docs/payments.md tells what each means.

Once nothing is to be done any more (no traffic, jobs done) --strict takes what is still under way for a
difference too.

Examples:
  mall verify
  mall verify --data /var/lib/mall --json
  mall verify -f deploy/etc/mall.yaml --older-than 5m --verbose
  mall verify -f product.yaml -f order.yaml -f pay.yaml
  mall verify --data-source sqlite:mall.db --strict --initial 1=100 2=50`;

const SECOND_MS = 1000;

interface VerifyFlags extends MallSourceFlags {
  readonly olderThan: number;
  readonly strict?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly initial?: [number, number][];
}

/** `mall verify`: whether payments, orders, stock and books say the same. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command("verify")
    .description("prove that payments, orders, stock and books say the same, and that nothing is stuck")
    .option(
      "--older-than <duration>",
      "how long something may be in between two steps, e.g. 90s, 15m",
      parseDuration,
      OLDER_THAN_MS / SECOND_MS,
    )
    .option("--strict", "what is under way is a difference too")
    .option("--verbose", "show what is under way")
    .option("--json", "print one JSON object a line: each finding, then the summary")
    .option(
      "--initial <pid=pieces...>",
      "how many pieces of a product there are altogether: in stock, held and sold",
      collectInitial,
    )
    .addHelpText("after", HELP);
  addMallSourceOptions(command).action(verify);
}

async function verify(flags: VerifyFlags): Promise<void> {
  const { olderThan, strict = false, verbose = false, json = false, initial = [] } = flags;
  const begun = systemRuntime.now();
  const tell = tellProgress(systemRuntime);
  const report = async (finding: Finding): Promise<void> => {
    if (finding.isUnderWay && !verbose && !strict) return;
    await print(json ? [JSON.stringify(finding)] : findingLines(finding, strict));
  };
  const verified = await withMallDatabases(flags, (databases) =>
    verifyMall(databases, {
      olderThanMs: olderThan * SECOND_MS,
      initial: new Map(initial),
      report,
      progress: (table, rows) => tell(`${rows} ${table} compared`),
    }),
  );
  const seconds = (systemRuntime.now() - begun) / SECOND_MS;
  await print(json ? [JSON.stringify({ ...verified, seconds })] : verifiedLines(verified, seconds));
  if (verified.differences > 0 || (strict && verified.underWay > 0)) process.exitCode = 1;
}

function collectInitial(text: string, before: readonly [number, number][] = []): [number, number][] {
  const [, pid, pieces] = /^([1-9]\d{0,15})=(\d{1,15})$/.exec(text) ?? [];
  if (pid === undefined || pieces === undefined) {
    throw new InvalidArgumentError("Write a product's id and its pieces, e.g. 1=100.");
  }
  return [...before, [Number(pid), Number(pieces)]];
}
