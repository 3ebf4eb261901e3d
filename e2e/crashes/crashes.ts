import { startMariadb, startRedis, whyNoMysql, whyNoRedis } from "@mall/kit/testing";
import { Account } from "../../sim/actors/index.ts";
import { checkAtEnd, sandboxTrades } from "../../sim/invariants/index.ts";
import { Random } from "../../sim/kernel/index.ts";
import { askPatiently } from "../support/ask-patiently.ts";
import { newCustomer, personOfRole } from "../support/people.ts";
import { putUp } from "../support/shop.ts";
import { type SplitMall, startSplitMall } from "../support/split.ts";
import { assertVerified } from "../support/verified.ts";
import { openWays, type Ways } from "../support/ways.ts";
import { startTestBank, type TestBank } from "./bank.ts";
import { Buyers } from "./buyers.ts";
import { openRowReader, untilQuiet } from "./read-rows.ts";

const REPLICAS = 2;
const BUYERS = 6;
const STOCK = 1_000_000;
/** From a restart to the next kill, milliseconds, at most. */
const BETWEEN_MS_MAX = 400;
/** How many kills come after connections that were cut. */
const SEVERED = 0.5;
/** Unpaid orders and payments end so soon that a run sees it. */
const EXPIRE = "20s";

/** Why no mall can be crashed here; undefined if one can. */
export function whyNoCrashes(): string | undefined {
  return whyNoMysql() ?? whyNoRedis();
}

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
 * Runs the split mall on MariaDB and Redis under load, two processes of each kind and each replica on ways of its own
 * to both servers. Kills processes at random moments, makes ways slow, cuts connections when answers are under way,
 * and holds what is left to the invariants of the simulation, row by row and against the bank's books, and to
 * `mall verify`.
 *
 * @throws Violation naming the rule that was broken
 */
export async function runCrashes({ kills, seed, onKill }: CrashOptions): Promise<CrashReport> {
  const server = await startMariadb();
  if ("skipped" in server) throw new Error(server.skipped);
  const dataSource = await server.createDatabase();
  const random = new Random(seed);
  const redis = await startRedis();
  const ways = await openWays({
    dataSource,
    redis: redis.host,
    replicas: REPLICAS,
    random: new Random(seed),
  });
  const bank = await startTestBank();
  const split = await startSplitMall({
    dataSource,
    replicas: REPLICAS,
    servers: ways.servers,
    blocks: (kind, urls) => blocksOf(kind, bank, urls.pay),
  });
  const rows = await openRowReader(dataSource);
  try {
    const account = new Account();
    const { uid } = await askPatiently(() => newCustomer(split.urls));
    const pid = await askPatiently(() => putUp(personOfRole(split.urls, "staff"), STOCK));
    const buyers = new Buyers({ replicas: split.replicas, uid, pid, count: BUYERS, bank, random, account });
    await killAtRandom(split, { kills, random, bank, ways, onKill });
    await buyers.stop();
    const quietAfterSeconds = await untilQuiet(rows);
    const books = await rows.books();
    const trades = await bank.trades(books.attempts.map(({ outTradeNo }) => outTradeNo));
    checkAtEnd(books, await rows.openWork(), {
      account,
      bank: { trades: sandboxTrades(trades.values(), Date.now()), acknowledged: bank.acknowledged },
      piecesOf: () => STOCK,
    });
    await assertVerified(dataSource, { initial: new Map([[pid, STOCK]]) });
    const { rounds, refusals } = buyers;
    return { kills, rounds, refusals, quietAfterSeconds, ...sizesOf(books) };
  } finally {
    await rows.close();
    await split.stop();
    await ways.stop();
    await bank.stop();
    await redis.stop();
    await server.stop();
  }
}

function blocksOf(kind: string, bank: TestBank, payUrl: string): object {
  const log = { Log: { Level: "severe" } };
  if (kind === "order.rpc") return { ...log, OrderExpire: EXPIRE };
  if (kind !== "pay.rpc") return log;
  const NotifyUrl = `${payUrl}/api/pay/notify/sandbox`;
  return { ...log, PayExpire: EXPIRE, Channels: { Sandbox: { ...bank.block, NotifyUrl } } };
}

async function killAtRandom(
  split: SplitMall,
  options: { kills: number; random: Random; bank: TestBank; ways: Ways; onKill: CrashOptions["onKill"] },
): Promise<void> {
  const { kills, random, bank, ways, onKill } = options;
  for (let count = 1; count <= kills; count += 1) {
    bank.bank.setFaults(
      (["notify.lost", "notify.doubled", "prepay.error-after", "refund.error-after"] as const).map(
        (fault) => ({
          fault,
          times: random.int(1, 2),
        }),
      ),
    );
    ways.vary(random);
    await passed(random.int(0, BETWEEN_MS_MAX));
    if (random.chance(SEVERED)) await ways.sever(random);
    const name = random.pick(split.names);
    await split.killAndRestart(name);
    onKill?.(count, name);
  }
  ways.clear();
  bank.bank.setFaults([]);
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
