import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { startMariadb, type TestMysql, until, whyNoMysql } from "@mall/kit/testing";
import { newKey, reasonIn, type SeenAnswer, sendKeyed } from "./support/keyed-request.ts";
import { newCustomer, type Person, personOfRole } from "./support/people.ts";
import { orderOne, PRICE, putUp } from "./support/shop.ts";
import { type SplitMall, startSplitMall } from "./support/split.ts";
import { assertVerifiedDatabases } from "./support/verified.ts";

const TWINS = 50;

describe("a request with an Idempotency-Key to eight processes", { skip: whyNoMysql() ?? false }, () => {
  let server: TestMysql;
  let mall: SplitMall;
  let database: Database;
  let customer: Person;
  let staff: Person;

  before(async () => {
    const started = await startMariadb();
    assert.ok(!("skipped" in started));
    server = started;
    const dataSource = await server.createDatabase();
    mall = await startSplitMall({ dataSource });
    database = await openDatabase({ dataSource, runtime: systemRuntime });
    customer = await newCustomer(mall.urls);
    staff = personOfRole(mall.urls, "staff", 90_001);
  });
  after(async () => {
    await database.close();
    await mall.stop();
    await server.stop();
  });

  const pay = (oid: number, key: string): Promise<SeenAnswer> => {
    const { uid, token } = customer;
    return sendKeyed(mall.urls.pay, {
      path: "/api/pay/create",
      body: { uid, oid, amount: PRICE },
      token,
      key,
    });
  };

  it("makes one payment where fifty twins come at once, and all get its answer", async () => {
    const oid = await orderOne(customer, await putUp(staff, 1));
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: TWINS }, () => pay(oid, key)));
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1, answers[0]?.text);
    assert.equal(answers[0]?.status, 200);
    const other = await pay(oid + 1, key);
    assert.deepEqual([other.status, reasonIn(other)], [422, "IDEMPOTENCY_KEY_REUSED"]);
  });

  it("whose processes are killed between its effect and its answer gets that answer when it is sent again", async () => {
    const oid = await orderOne(customer, await putUp(staff, 1));
    const key = newKey();
    const { lost } = await database
      .transaction(async (tx) => {
        // Holds the rpc's insert back, so that the api can be stopped before the effect.
        await tx.write({ sql: "INSERT INTO pay (uid, oid) VALUES (1, ?)", parameters: [oid] });
        const sent = pay(oid, key).then(
          () => "answered",
          () => "lost",
        );
        await until("the insert waits for its turn", () => isInserting(database));
        await mall.freeze("pay.api");
        throw new Held(sent);
      })
      .catch((held: unknown) => {
        if (held instanceof Held) return { lost: held.sent };
        throw held;
      });
    await until("the payment is written", async () => (await paysOf(database, oid)).length === 1);
    await mall.kill("pay.rpc");
    await mall.kill("pay.api");
    assert.equal(await lost, "lost");
    await mall.start("pay.rpc");
    await mall.start("pay.api");
    const [id] = await paysOf(database, oid);
    for (let time = 0; time < 2; time += 1) {
      const { status, text } = await pay(oid, key);
      assert.deepEqual([status, text], [200, JSON.stringify({ id })]);
    }
    const unkeyed = await sendKeyed(mall.urls.pay, {
      path: "/api/pay/create",
      body: { uid: customer.uid, oid, amount: PRICE },
      token: customer.token,
      key: undefined,
    });
    assert.equal(reasonIn(unkeyed), "PAY_EXISTS");
    assert.equal((await paysOf(database, oid)).length, 1);
  });

  it("leaves payments, orders and stock that say the same", () =>
    assertVerifiedDatabases({ product: database, order: database, pay: database }));
});

/** Ends the transaction that held a request back. */
class Held extends Error {
  /** What became of the request. */
  readonly sent: Promise<string>;

  constructor(sent: Promise<string>) {
    super("held");
    this.sent = sent;
  }
}

/** Whether an insert into `pay` waits for its turn. */
async function isInserting(database: Database): Promise<boolean> {
  const sql =
    "SELECT count(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'INSERT INTO%pay%'";
  return Number((await database.read({ sql, parameters: [] }))[0]?.n) > 0;
}

async function paysOf(database: Database, oid: number): Promise<number[]> {
  const rows = await database.query.selectFrom("pay").where("oid", "=", oid).select("id").execute();
  return rows.map(({ id }) => Number(id));
}
