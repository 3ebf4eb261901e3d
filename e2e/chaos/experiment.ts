import assert from "node:assert/strict";
import { until } from "@mall/kit/testing";
import { askPatiently } from "../support/ask-patiently.ts";
import { newCustomer, personOfRole } from "../support/people.ts";
import { putUp } from "../support/shop.ts";
import { type ChaosMall, memoryOf, startChaosMall } from "./chaos-mall.ts";
import type { Fault } from "./faults.ts";
import { Shoppers } from "./shoppers.ts";
import { Verifier } from "./verify.ts";

/** Two processors are shared by the mall, its servers and the shoppers. */
const SHOPPERS = 4;
const STOCK = 1_000_000;
/** From the end of a fault to a mall that refuses nobody, milliseconds. */
const BACK_MS_MAX = 15_000;
/** What a process may hold more than before a fault: compiled code, and garbage that is not worth collecting. */
const GROWTH_MIB_MAX = 64;
const MEMORY_MS_MAX = 15_000;

/** How a mall took a fault. */
export interface Outcome {
  readonly fault: string;
  /** From the end of the fault until nobody was refused any more, seconds. */
  readonly backAfterSeconds: number;
  /** Orders acknowledged from the beginning of the fault on. */
  readonly orders: number;
  /** What shoppers were told meanwhile, by reason. */
  readonly outages: Readonly<Record<string, number>>;
}

/** A mall under load that faults are done to. */
export class Experiment {
  readonly #mall: ChaosMall;
  readonly #shoppers: Shoppers;
  readonly #verifier: Verifier;
  readonly #pid: number;
  #memory = new Map<string, number>();

  private constructor(mall: ChaosMall, { uid, pid }: { uid: number; pid: number }) {
    const { urls, replicas } = mall.split;
    this.#mall = mall;
    this.#pid = pid;
    this.#shoppers = new Shoppers({ replicas, uid, pid, count: SHOPPERS });
    this.#verifier = new Verifier(urls, uid, this.#shoppers.account);
  }

  /** Starts a mall and its load, and waits until both run well; `seed` draws what slow ways do. */
  static async start(seed: number): Promise<Experiment> {
    const mall = await startChaosMall(seed);
    try {
      const { urls } = mall.split;
      const { uid } = await askPatiently(() => newCustomer(urls));
      const pid = await askPatiently(() => putUp(personOfRole(urls, "staff"), STOCK));
      const experiment = new Experiment(mall, { uid, pid });
      assert.ok(await experiment.#shoppers.untilClean(Date.now(), BACK_MS_MAX), "the mall never ran well");
      experiment.#memory = await memoryOf(mall);
      return experiment;
    } catch (error) {
      await mall.stop();
      throw error;
    }
  }

  /** Does a fault to the mall and holds it to its promises. */
  async run(fault: Fault): Promise<Outcome> {
    const { account } = this.#shoppers;
    account.outages.clear();
    const ordersBefore = account.orders.length;
    await fault.inflict(this.#mall);
    const endedAt = Date.now();
    const isBack = await this.#shoppers.untilClean(endedAt, BACK_MS_MAX);
    const backAfterSeconds = (Date.now() - endedAt) / 1000;
    const outages = Object.fromEntries(account.outages);
    assert.ok(isBack, `not back ${backAfterSeconds} s after the end: ${JSON.stringify(outages)}`);
    await this.#shoppers.register();
    this.#assertRunning();
    assert.deepEqual(account.wrong, []);
    await this.#verifier.assertNewKept();
    await this.#assertMemory();
    return { fault: fault.name, backAfterSeconds, orders: account.orders.length - ordersBefore, outages };
  }

  /** Replaces the instance of an rpc process by another one and that by the first, and refuses nobody. */
  async replaceInstances(service: string): Promise<void> {
    const { split } = this.#mall;
    const { account } = this.#shoppers;
    const second = await split.addInstance(service);
    await this.#settle();
    account.outages.clear();
    assert.equal(await split.terminate(`${service}.rpc`), 0);
    await split.start(`${service}.rpc`);
    await this.#settle();
    assert.equal(await split.terminate(second.address), 0);
    await this.#settle();
    assert.deepEqual([...account.outages], []);
    assert.deepEqual(account.wrong, []);
    await this.#verifier.assertNewKept();
  }

  /** Lets the shoppers go home and looks at everything they were ever told. */
  async finish(): Promise<void> {
    await this.#shoppers.stop();
    assert.deepEqual(this.#shoppers.account.wrong, []);
    await this.#verifier.assertAllKept();
    await this.#verifier.assertInvariants(this.#mall.dataSource, { pid: this.#pid, pieces: STOCK });
  }

  async stop(): Promise<void> {
    await this.#shoppers.stop();
    await this.#mall.stop();
  }

  /** Gives what has changed the time to be used by everybody. */
  async #settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      assert.ok(await this.#shoppers.untilClean(Date.now(), BACK_MS_MAX));
    }
  }

  #assertRunning(): void {
    const gone = this.#mall.split.names.filter((name) => this.#mall.split.pid(name) === undefined);
    assert.deepEqual(gone, [], "no process ends by itself");
  }

  async #assertMemory(): Promise<void> {
    const read = async (): Promise<Map<string, number>> => {
      const now = [...(await memoryOf(this.#mall))];
      return new Map(now.filter(([name, mib]) => mib > (this.#memory.get(name) ?? 0) + GROWTH_MIB_MAX));
    };
    await until(
      `no process holds ${GROWTH_MIB_MAX} MiB more than ${JSON.stringify([...this.#memory])}`,
      read,
      {
        holds: (grown) => grown.size === 0,
        withinMs: MEMORY_MS_MAX,
        everyMs: 500,
      },
    );
  }
}
