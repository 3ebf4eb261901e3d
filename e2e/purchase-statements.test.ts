import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { type PrivateMariadb, startPrivateMariadb, until, whyNoPrivateMariadb } from "@mall/kit/testing";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { payAtSandbox } from "./support/sandbox.ts";
import { openPay, orderOne, putUp, success } from "./support/shop.ts";

/**
 * How many statements each step of a purchase, by a gateway's callback or at a channel, may cost that is alone in a mall
 * of one process, with its BEGINs and COMMITs and with the jobs that follow it; at a channel, with the row that keeps
 * what it was asked. Whoever needs more should know: every purchase pays for it.
 */
const STATEMENTS_MAX = { order: 5, payment: 3, callback: 10, prepay: 14, paid: 16 };

/** What looks at jobs and keys by the clock comes in between by chance, and only adds. */
const PURCHASES = 5;

/** Marks this test's own statements in the server's log. */
const OWN = "/* purchase-statements */";

describe("the statements of a purchase on MariaDB", { skip: whyNoPrivateMariadb() ?? false }, () => {
  let server: PrivateMariadb;
  let database: Database;
  let mall: TestMall;
  let customer: Person;
  let gateway: Person;
  let pid = 0;

  before(async () => {
    server = await startPrivateMariadb(["--log-output=TABLE", "--general-log=1"]);
    const dataSource = await server.createDatabase();
    mall = await startTestMall({ dataSource });
    database = await openDatabase({ dataSource, runtime: systemRuntime });
    const urls = gatewayUrls(mall.url);
    customer = await newCustomer(urls);
    gateway = personOfRole(urls, "gateway");
    pid = await putUp(personOfRole(urls, "staff"), 1_000);
  });
  after(async () => {
    await database?.close();
    await mall?.stop();
    await server?.stop();
  });

  const read = (sql: string) => database.read({ sql: `${sql} ${OWN}`, parameters: [] });

  /** Jobs that a step leaves are part of it; those that stand for ever have their kind as their key. */
  const isIdle = async (): Promise<boolean> => {
    const busy = "state = 0 AND (unique_key IS NULL OR unique_key <> kind) AND claim <> ''";
    return (await read(`SELECT id FROM job WHERE ${busy}`)).length === 0;
  };

  /** What the server was asked by a step, and what the step gave. */
  const statementsOf = async <T>(step: () => Promise<T>): Promise<{ statements: string[]; answer: T }> => {
    await database.write({ sql: `TRUNCATE mysql.general_log ${OWN}`, parameters: [] });
    const answer = await step();
    await until("its jobs are done", isIdle);
    const logged = "SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log";
    const rows = await read(`${logged} WHERE command_type IN ('Query', 'Execute')`);
    const statements = rows.map(({ text }) => String(text)).filter((text) => !text.includes(OWN));
    return { statements, answer };
  };

  it("are no more than it needs, from its order to the order's being paid", async () => {
    const fewest = new Map<string, string[]>();
    const measured = async <T>(name: string, step: () => Promise<T>): Promise<T> => {
      const { statements, answer } = await statementsOf(step);
      const before = fewest.get(name);
      if (before === undefined || statements.length < before.length) fewest.set(name, statements);
      return answer;
    };
    for (let purchase = 0; purchase < PURCHASES; purchase += 1) {
      const oid = await measured("order", () => orderOne(customer, pid));
      const id = await measured("payment", () => openPay(customer, oid));
      await measured("callback", () => gateway.pay.callback(success({ id, uid: customer.uid, oid })));
      assert.equal((await customer.order.detail({ id: oid })).status, 1);
    }
    for (let purchase = 0; purchase < PURCHASES; purchase += 1) {
      const oid = await orderOne(customer, pid);
      const id = await openPay(customer, oid);
      const { credential } = await measured("prepay", () => customer.pay.prepay({ id, channel: "sandbox" }));
      await measured("paid", async () => {
        await payAtSandbox(credential);
        const isPaid = async () =>
          (await read(`SELECT status FROM \`order\` WHERE id = ${oid}`))[0]?.status === 1;
        await until("the order is paid", isPaid);
      });
    }
    for (const [name, most] of Object.entries(STATEMENTS_MAX)) {
      const statements = fewest.get(name) ?? [];
      const told = statements.map((text) => text.slice(0, 100)).join("\n");
      assert.ok(statements.length > 0, `nothing was counted for the ${name}`);
      assert.ok(statements.length <= most, `${name}: ${statements.length} statements, not ${most}:\n${told}`);
    }
  });
});
