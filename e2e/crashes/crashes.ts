import { startMariadb } from "@mall/kit/testing";
import { Account } from "../../sim/actors/index.ts";
import { checkAtEnd } from "../../sim/invariants/index.ts";
import { Random } from "../../sim/kernel/index.ts";
import { newCustomer, personOfRole } from "../support/people.ts";
import { putUp } from "../support/shop.ts";
import { type SplitMall, startSplitMall } from "../support/split.ts";
import { startTestBank, type TestBank } from "./bank.ts";
import { Buyers } from "./buyers.ts";
import { openRowReader, type RowReader } from "./read-rows.ts";

const PROCESSES = ["user", "product", "order", "pay"].flatMap((name) => [`${name}.rpc`, `${name}.api`]);
const BUYERS = 6;
const STOCK = 1_000_000;
/** From a restart to the next kill, milliseconds, at most. */
const BETWEEN_MS_MAX = 400;
/** Unpaid orders and payments end so soon that a run sees it. */
const EXPIRE = "20s";
/** How long everything may take to come to its end once nothing is killed any more, milliseconds. */
const QUIET_MS_MAX = 120_000;
const LOOK_MS = 500;

/** What became of a mall whose processes were killed. */
export interface CrashReport {
  readonly kills: number;
  readonly rounds: ReadonlyMap<string, number>;
  readonly refusals: ReadonlyMap<string, number>;
  /** From the last restart until nothing was under way any more, seconds. */
  readonly quietAfterSeconds: number;
  readonly orders: number;
  readonly attempts: number;
  readonly refunds: number;
}

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** Told after each kill. */
  readonly onKill?: (count: number, name: string) => void;
}

/**
 * Runs the split mall on MariaDB under load, kills its processes at random moments, and holds what is left to the
 * invariants of the simulation, row by row and against the bank's books.
 *
 * @throws Violation naming the rule that was broken
 */
export async function runCrashes({ kills, seed, onKill }: CrashOptions): Promise<CrashReport> {
  const server = await startMariadb();
  if ("skipped" in server) throw new Error(server.skipped);
  const dataSource = await server.createDatabase();
  const bank = await startTestBank();
  const split = await startSplitMall({ dataSource, blocks: (name, urls) => blocksOf(name, bank, urls.pay) });
  const rows = await openRowReader(dataSource);
  try {
    const random = new Random(seed);
    const account = new Account();
    const { uid } = await newCustomer(split.urls);
    const pid = await putUp(personOfRole(split.urls, "staff"), STOCK);
    const buyers = new Buyers({ urls: split.urls, uid, pid, count: BUYERS, bank, random, account });
    await killAtRandom(split, { kills, random, bank, onKill });
    await buyers.stop();
    const quietAfterSeconds = await untilQuiet(rows);
    const books = await rows.books();
    const trades = await bank.trades(books.attempts.map(({ outTradeNo }) => outTradeNo));
    checkAtEnd(books, await rows.openWork(), {
      account,
      bank: { trades, acknowledged: bank.acknowledged, now: Date.now() },
      piecesOf: () => STOCK,
    });
    const { rounds, refusals } = buyers;
    return { kills, rounds, refusals, quietAfterSeconds, ...sizesOf(books) };
  } finally {
    await rows.close();
    await split.stop();
    await bank.stop();
    await server.stop();
  }
}

function blocksOf(name: string, bank: TestBank, payUrl: string): object {
  const log = { Log: { Level: "severe" } };
  if (name === "order.rpc") return { ...log, OrderExpire: EXPIRE };
  if (name !== "pay.rpc") return log;
  const NotifyUrl = `${payUrl}/api/pay/notify/sandbox`;
  return { ...log, PayExpire: EXPIRE, Channels: { Sandbox: { ...bank.block, NotifyUrl } } };
}

async function killAtRandom(
  split: SplitMall,
  options: { kills: number; random: Random; bank: TestBank; onKill: CrashOptions["onKill"] },
): Promise<void> {
  const { kills, random, bank, onKill } = options;
  for (let count = 1; count <= kills; count += 1) {
    bank.bank.setFaults(
      (["notify.lost", "notify.doubled", "prepay.error-after", "refund.error-after"] as const).map(
        (fault) => ({
          fault,
          times: random.int(1, 2),
        }),
      ),
    );
    await passed(random.int(0, BETWEEN_MS_MAX));
    const name = random.pick(PROCESSES);
    await split.killAndRestart(name);
    onKill?.(count, name);
  }
  bank.bank.setFaults([]);
}

/** Resolves with the seconds until nothing was under way any more, or once that took too long. */
async function untilQuiet(rows: RowReader): Promise<number> {
  const beganAt = Date.now();
  while ((await rows.openWork()).length > 0 && Date.now() - beganAt < QUIET_MS_MAX) await passed(LOOK_MS);
  return (Date.now() - beganAt) / 1000;
}

function sizesOf(books: {
  orders: readonly object[];
  attempts: readonly object[];
  refunds: readonly object[];
}) {
  return { orders: books.orders.length, attempts: books.attempts.length, refunds: books.refunds.length };
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
