import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Runtime } from "@mall/kit/runtime";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import {
  type PrivateMariadb,
  startPrivateMariadb,
  type TestDatabases,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { PAY_JOB } from "./pay-jobs.ts";
import { call, openPayWorld, type PayWorld } from "./test-pay-world.ts";

const SECOND_MS = 1_000;
/** What the shipped configuration says. */
const SHIPPED = "?charset=utf8mb4&parseTime=true&loc=Asia%2FShanghai";
/** The server's clocks go from 2 to 3 at one in UTC; Shanghai's show half past two before that. */
const SKIPPED_IN_BERLIN = Date.parse("2027-03-27T18:30:00Z");
/** Likewise back from 3 to 2; Shanghai's show half past two. */
const TWICE_IN_BERLIN = Date.parse("2027-10-30T18:30:00Z");
const SERVERS = [
  { title: "in UTC", zone: "UTC", now: undefined },
  { title: "in +08:00", zone: "Asia/Shanghai", now: undefined },
  { title: "whose clocks go forward just now", zone: "Europe/Berlin", now: SKIPPED_IN_BERLIN },
  { title: "whose clocks go back just now", zone: "Europe/Berlin", now: TWICE_IN_BERLIN },
];

for (const { title, zone, now } of SERVERS) {
  describe(`money with the shipped configuration on a server ${title}`, {
    skip: whyNoPrivateMariadb() ?? false,
    timeout: 120_000,
  }, () => {
    let server: PrivateMariadb;
    let world: PayWorld;
    const opened: Database[] = [];

    before(async () => {
      server = await startPrivateMariadb([], zone);
      world = await openPayWorld(databasesOf(server, opened, now));
    });
    after(async () => {
      await world.close();
      for (const database of opened) await database.close();
      await server.stop();
    });

    const attempt = async () => {
      const { id, order } = await world.openPay();
      const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
      return { id, order, outTradeNo };
    };

    it("a payment whose notification is lost is known some seconds later", async () => {
      const { id, outTradeNo } = await attempt();
      // By then it was asked for once, and how soon again depends on its age.
      await world.until("it was asked about", async () => {
        world.runtime.shift(SECOND_MS / 4);
        const sql = "SELECT id FROM job WHERE kind = ? AND attempts > 0 AND claim = ''";
        return (await world.database.read({ sql, parameters: [PAY_JOB.queryAttempt] })).length > 0;
      });
      await world.bank.pay(outTradeNo);
      const paidAt = world.runtime.now();
      await world.until("it is known", async () => {
        world.runtime.shift(SECOND_MS / 4);
        return (await world.client.detail(call(), { id })).status === 1;
      });
      const { paidTime } = await world.client.detail(call(), { id });
      assert.ok(world.runtime.now() - paidAt <= 30 * SECOND_MS, `${world.runtime.now() - paidAt} ms`);
      assert.ok(
        Math.abs(paidTime * SECOND_MS - world.runtime.now()) <= 30 * SECOND_MS,
        `paid at ${paidTime}`,
      );
    });

    it("a refund that its channel refuses is asked about for a minute before it has failed", async () => {
      const { id, outTradeNo } = await attempt();
      await world.bank.pay(outTradeNo);
      await world.client.sync(call(), { id });
      world.bank.setFaults([{ fault: "refund.refused" }]);
      const askedAt = world.runtime.now();
      const refundNo = "no";
      await world.client.refund(call(), { id, refundNo, amount: 500, reason: "", requestedBy: 7 });
      await world.untilRefused(refundNo);
      const refusedAt = world.runtime.now();
      await world.until("it has failed", async () => {
        world.runtime.shift(SECOND_MS);
        return (await world.client.refundDetail(call(), { refundNo })).status === 3;
      });
      const { createTime } = await world.client.refundDetail(call(), { refundNo });
      const guarded = world.runtime.now() - refusedAt;
      assert.ok(guarded >= 60 * SECOND_MS && guarded <= 300 * SECOND_MS, `${guarded} ms`);
      assert.ok(Math.abs(createTime * SECOND_MS - askedAt) <= 3 * SECOND_MS, `made at ${createTime}`);
    });
  });
}

/** New databases of a server, with a clock that stands at `now` when one is opened. */
function databasesOf(server: PrivateMariadb, opened: Database[], now: number | undefined): TestDatabases {
  const createDataSource = async (): Promise<string> => `${await server.createDatabase()}${SHIPPED}`;
  return {
    dialect: "mysql",
    createDataSource,
    open: async ({
      dataSource,
      runtime = systemRuntime,
    }: {
      dataSource?: string;
      runtime?: Runtime;
    } = {}) => {
      if (now !== undefined && "shift" in runtime && typeof runtime.shift === "function") {
        runtime.shift(now - runtime.now());
      }
      const database = await openDatabase({ dataSource: dataSource ?? (await createDataSource()), runtime });
      opened.push(database);
      return database;
    },
  };
}
