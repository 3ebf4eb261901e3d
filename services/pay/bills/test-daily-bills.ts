import { Call } from "@mall/kit/call";
import type { TestDatabases } from "@mall/kit/testing";
import type { BillLine } from "../channels/bills/bill.ts";
import { dayOf } from "../channels/bills/bill-day.ts";
import type { Channel } from "../channels/channel.ts";
import { type Billed, createBilled, DAY, HOUR_MS } from "../reconcile/test-billed.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { Bill, BillDifference } from "../rpc/gen/pay.ts";
import { createPayServer } from "../rpc/gen/server.ts";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { compareBill } from "./compare-bill.ts";
import { findBills } from "./find-bills.ts";

export const DAY_MS = 24 * HOUR_MS;
/** When the bill of DAY is made. */
export const READY = dayOf(DAY, 8 * HOUR_MS).until + 10 * HOUR_MS;

/** A call of somebody who works for the mall. */
export function staff(method: string): Call {
  return new Call({ method, actor: { who: "user:7", role: 1, address: "::1" } });
}

interface Settings {
  readonly channel?: Channel;
  readonly BookFees?: boolean;
  readonly Daily?: boolean;
}

/** A pay service with two accounts of a merchant, whose bills a test writes and whose clock and jobs it runs. */
export class DailyBills {
  readonly world: PayWorld;
  readonly billed: Billed;
  /** Lines of bills by day. */
  days: Record<string, readonly BillLine[] | undefined> = {};
  /** Milliseconds since the Unix epoch. */
  clock = 0;
  /** Bills that a job is to compare. */
  asked: { readonly id: number; readonly delayMs: number }[] = [];

  private constructor(world: PayWorld) {
    this.world = world;
    this.billed = createBilled(world);
  }

  static async open(databases: TestDatabases): Promise<DailyBills> {
    return new DailyBills(await openPayWorld(databases));
  }

  /** Begins anew, a day before the bill of DAY is made. */
  async begin(): Promise<void> {
    await this.billed.forget();
    for (const table of ["pay_bill", "pay_bill_difference"]) await this.billed.write(`DELETE FROM ${table}`);
    this.days = {};
    this.asked = [];
    this.clock = READY - DAY_MS;
  }

  process({
    channel = this.billed.channelWith(this.days),
    BookFees = true,
    Daily = true,
  }: Settings = {}): ServiceContext {
    const { context, runtime } = this.world;
    const compare: ServiceContext["jobs"]["compareBill"] = async (_tx, { id }, delayMs = 0) => {
      this.asked.push({ id, delayMs });
      return { settled: async () => {} };
    };
    return {
      ...context,
      runtime: { ...runtime, now: () => this.clock },
      channels: new Map([
        ["app", { ...channel, name: "app" }],
        [channel.name, channel],
      ]),
      bills: { Daily, BookFees },
      jobs: { ...context.jobs, compareBill: compare },
    };
  }

  /** Looks for bills that are made, and leaves them to be compared; says when to look again. */
  async find(context = this.process()): Promise<number> {
    return Object(await findBills(context)(call())).again;
  }

  /** Looks for bills and compares those that are due, as the jobs do. */
  async look(context = this.process()): Promise<void> {
    await this.find(context);
    for (const { id } of this.asked.splice(0)) await compareBill(context, call(), { billId: id });
  }

  /** Looks for bills, and gives the only one that is due. */
  async findOne(context = this.process()): Promise<number> {
    await this.find(context);
    const [only, ...more] = this.asked.splice(0);
    if (only === undefined || more.length > 0) throw new Error("there is not one bill to compare");
    return only.id;
  }

  async list(): Promise<Bill[]> {
    return (await createPayServer(this.process()).billList(call(), { channel: "", before: 0, limit: 0 }))
      .data;
  }

  /** The oldest first. */
  async differences(state?: number): Promise<BillDifference[]> {
    const page = { state, before: 0, limit: 0 };
    return (await createPayServer(this.world.context).billDifferenceList(call(), page)).data.toReversed();
  }

  async told(state?: number): Promise<string[]> {
    return (await this.differences(state)).map(({ day, kind, subject }) => `${day} ${kind} ${subject}`);
  }
}
