import assert from "node:assert/strict";
import { AppError } from "@mall/kit/errors";
import { Account } from "../../sim/actors/index.ts";
import { type Books, checkAtEnd, sandboxTrades } from "../../sim/invariants/index.ts";
import { Random } from "../../sim/kernel/index.ts";
import { ANSWER_MS_MAX, Buyers } from "../crashes/buyers.ts";
import { openRowReader, type RowReader, untilQuiet } from "../crashes/read-rows.ts";
import { askPatiently } from "../support/ask-patiently.ts";
import { newCustomer, type Person, personOfRole } from "../support/people.ts";
import { orderOne, PRICE, putUp } from "../support/shop.ts";
import { assertVerified } from "../support/verified.ts";
import { type ClusterMall, type Member, startClusterMall } from "./cluster-mall.ts";
import type { ClusterFault } from "./faults.ts";
import { Twins } from "./twins.ts";

const BUYERS = 6;
const STOCK = 1_000_000;
/** Customers who want one of a few pieces at the same time. */
const RUSH = 30;
const PIECES = 10;
/** From the end of a fault until every replica takes orders again, milliseconds. */
const BACK_MS_MAX = 30_000;
/** The load without a fault, before each, milliseconds. */
const CALM_MS = 2000;

/** How a cluster took a fault. */
interface FaultReport {
  readonly fault: string;
  /** From the end of the fault until every replica took orders, seconds. */
  readonly backAfterSeconds: number;
  /** Answers since the last fault, by kind. */
  readonly answers: ReadonlyMap<string, number>;
}

export interface ClusterReport {
  readonly requests: number;
  /** Requests that were sent to two nodes at once. */
  readonly twins: number;
  readonly answers: ReadonlyMap<string, number>;
  /** Rounds of buyers, by how they ended. */
  readonly rounds: ReadonlyMap<string, number>;
  /** Refusals that ended a round. */
  readonly refusals: ReadonlyMap<string, number>;
  /** From the last buyer's going until nothing was under way any more, seconds. */
  readonly quietAfterSeconds: number;
  readonly orders: number;
  readonly attempts: number;
  readonly refunds: number;
}

export interface ClusterOptions {
  readonly seed: number;
  /** How long orders and payments may stay unpaid: so short that a run sees it. */
  readonly expire: string;
  /** What is done to the cluster, one after the other. */
  readonly faults: (random: Random) => Iterable<ClusterFault>;
  /** Told after each fault. */
  readonly onFault?: (report: FaultReport) => void;
}

/**
 * Runs one mall in three replicas, each on a node of a Galera cluster of its own, under load of buyers who go to any
 * of them, and to two at once with one key. Takes machines away, brings them back, and holds what is left to the
 * invariants of the simulation, row by row and against the bank's books, and to `mall verify`, on every node.
 *
 * @throws Error that names the rule that was broken
 */
export async function runCluster(options: ClusterOptions): Promise<ClusterReport> {
  const mall = await startClusterMall(options);
  try {
    return await new ClusterRun(mall, options).run();
  } finally {
    await mall.stop();
  }
}

class ClusterRun {
  readonly #mall: ClusterMall;
  readonly #options: ClusterOptions;
  readonly #random: Random;
  readonly #account = new Account();
  readonly #twins: Twins;
  /** Pieces of each product that is in demand; there are many of the others. */
  readonly #pieces = new Map<number, number>();

  constructor(mall: ClusterMall, options: ClusterOptions) {
    this.#mall = mall;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#twins = new Twins({
      replicas: this.#replicas,
      random: this.#random,
      account: this.#account,
      answerMsMax: ANSWER_MS_MAX,
    });
  }

  async run(): Promise<ClusterReport> {
    const { bank } = this.#mall;
    const { uid } = await askPatiently(() => newCustomer(this.#first.urls));
    const pid = await this.#putUp(STOCK);
    const customer = personOfRole(this.#first.urls, "customer", uid, this.#twins.send);
    assert.equal(await this.#rush(customer), PIECES, "of a product in demand");
    const buyers = new Buyers({
      ...{ replicas: this.#replicas, uid, pid, count: BUYERS, bank },
      ...{ random: this.#random, account: this.#account, send: this.#twins.send },
    });
    try {
      for (const fault of this.#options.faults(this.#random)) await this.#inflict(fault, { customer, pid });
    } finally {
      await buyers.stop();
    }
    const { quietAfterSeconds, books } = await this.#checkRows();
    return {
      requests: this.#twins.requests,
      twins: this.#twins.twins,
      answers: this.#twins.answers,
      rounds: buyers.rounds,
      refusals: buyers.refusals,
      quietAfterSeconds,
      orders: books.orders.length,
      attempts: books.attempts.length,
      refunds: books.refunds.length,
    };
  }

  get #first(): Member {
    return this.#mall.members[0] ?? assert.fail("there is no member");
  }

  get #replicas() {
    return this.#mall.members.map(({ urls }) => urls);
  }

  /** Does a fault to the cluster while people rush for a product, and waits until it is back. */
  async #inflict(fault: ClusterFault, { customer, pid }: { customer: Person; pid: number }): Promise<void> {
    const before = new Map(this.#twins.answers);
    await passed(CALM_MS);
    const rush = this.#rush(customer);
    await fault.inflict(this.#mall);
    const endedAt = Date.now();
    await Promise.all(this.#mall.members.map((member) => this.#untilServing(member, customer.uid, pid)));
    const backAfterSeconds = (Date.now() - endedAt) / 1000;
    await rush;
    const { wrong } = this.#account;
    assert.deepEqual(wrong, [], fault.name);
    assert.ok(
      backAfterSeconds * 1000 <= BACK_MS_MAX,
      `${fault.name}: back after ${backAfterSeconds} s\n${this.#printed()}`,
    );
    const answers = differenceOf(this.#twins.answers, before);
    this.#options.onFault?.({ fault: fault.name, backAfterSeconds, answers });
  }

  /** Orders one piece at one replica, asking for as long as it takes. */
  async #untilServing({ urls }: Member, uid: number, pid: number): Promise<void> {
    const send: typeof fetch = (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const customer = personOfRole(urls, "customer", uid, send);
    const id = await askPatiently((options) => {
      this.#account.askForOrder(uid, options.idempotencyKey);
      return orderOne(customer, pid, options);
    });
    this.#account.addOrder({ id, uid, pid, amount: PRICE });
  }

  /** Many want the few pieces of a new product; resolves with how many got one. */
  async #rush(customer: Person): Promise<number> {
    const pid = await this.#putUp(PIECES);
    const { uid } = customer;
    const ends = await Promise.all(
      Array.from({ length: RUSH }, () =>
        askPatiently((options) => orderOne(customer, pid, options)).catch((error: unknown) => {
          if (error instanceof AppError && error.reason === "STOCK_INSUFFICIENT") return undefined;
          throw error;
        }),
      ),
    );
    const ids = ends.filter((id) => id !== undefined);
    for (const id of ids) this.#account.addOrder({ id, uid, pid, amount: PRICE });
    return ids.length;
  }

  async #putUp(pieces: number): Promise<number> {
    const staff = personOfRole(this.#first.urls, "staff", 1, this.#twins.send);
    const pid = await askPatiently((options) => putUp(staff, pieces, options));
    this.#pieces.set(pid, pieces);
    return pid;
  }

  /** Every node has the same rows, and they keep all rules. */
  async #checkRows(): Promise<{ quietAfterSeconds: number; books: Books }> {
    const { members, bank } = this.#mall;
    const readers: RowReader[] = [];
    for (const { dataSource } of members) readers.push(await openRowReader(dataSource));
    try {
      const [rows = assert.fail(), ...others] = readers;
      const quietAfterSeconds = await untilQuiet(rows);
      const books = await rows.books();
      const trades = await bank.trades(books.attempts.map(({ outTradeNo }) => outTradeNo));
      checkAtEnd(books, await rows.openWork(), {
        account: this.#account,
        bank: { trades: sandboxTrades(trades.values(), Date.now()), acknowledged: bank.acknowledged },
        piecesOf: (pid) => this.#pieces.get(pid) ?? assert.fail(`nobody put up product ${pid}`),
      });
      for (const other of others) assert.deepEqual(await other.books(), books, "two nodes differ");
      await assertVerified(this.#first.dataSource, { initial: this.#pieces });
      return { quietAfterSeconds, books };
    } finally {
      for (const reader of readers) await reader.close();
    }
  }

  /** The end of what each replica has written. */
  #printed(): string {
    return this.#mall.members
      .map(({ number, mall }) => `mall ${number}: ${mall.output.slice(-2000)}`)
      .join("\n");
  }
}

function differenceOf(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) {
  const entries = [...now].map(([what, times]) => [what, times - (before.get(what) ?? 0)] as const);
  return new Map(entries.filter(([, times]) => times > 0));
}

/** In one line, the most frequent first. */
export function listed(times: ReadonlyMap<string, number>): string {
  const entries = [...times].toSorted(([, one], [, other]) => other - one);
  return entries.map(([what, number]) => `${what} ${number}`).join(", ");
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
