import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Database } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { fingerprint } from "./support/database-state.ts";
import { type KeyedRequest, newKey, reasonIn, type SeenAnswer, sendKeyed } from "./support/keyed-request.ts";
import { prepareWrites } from "./support/keyed-writes.ts";
import { readOperations } from "./support/openapi.ts";
import {
  gatewayUrls,
  newCustomer,
  newMobile,
  PASSWORD,
  type Person,
  personOfRole,
} from "./support/people.ts";
import { orderOne, PRICE, putUp } from "./support/shop.ts";
import { type SpawnedMall, spawnMall } from "./support/spawned-mall.ts";

const TWINS = 50;
/**
 * Routes that may be repeated as they are, and the channels' own, whose messages have names of their own; the
 * cashier has keys of its own for two clicks.
 */
const REPEATABLE =
  /\/(attention|channels|detail|list|refused|search|statistics|sync|timeline|userinfo|login|password)$|^\/api\/pay\/(notify\/\{|cashier)|^\/sandbox\//;
/** What the requests are about; attempts on channels are asked about all the time. */
const TABLES = ["user", "product", "order", "pay", "pay_refund", "pay_bill_difference", "ledger_entry"];

/** Two processes on one database: what one has answered, the other must know. */
forEachDatabase("a request with an Idempotency-Key", (databases) => {
  const malls: SpawnedMall[] = [];
  let database: Database;
  let customer: Person;
  let staff: Person;
  let gateway: Person;
  let admin: Person;

  before(async () => {
    const dataSource = await databases.createDataSource();
    for (let index = 0; index < 2; index += 1) malls.push(await spawnMall({ dataSource }));
    database = await databases.open({ dataSource });
    const urls = gatewayUrls(malls[0]?.url ?? "");
    // The first to register is an admin.
    await newCustomer(urls);
    customer = await newCustomer(urls);
    staff = personOfRole(urls, "staff", 90_001);
    gateway = personOfRole(urls, "gateway", 90_002);
    admin = personOfRole(urls, "admin", 90_004);
  });
  after(async () => {
    for (const mall of malls) await mall.stop();
  });

  const send = (request: KeyedRequest, place = 0): Promise<SeenAnswer> =>
    sendKeyed(malls[place % malls.length]?.url ?? "", request);
  const product = (name: string) => ({ name, desc: "", stock: 10, amount: PRICE, status: 0 });
  const named = async (name: string): Promise<number> =>
    (await database.query.selectFrom("product").where("name", "=", name).select("id").execute()).length;

  it("gets the same status and body again on every route that writes, another body 422, and nothing more changes", async () => {
    const writes = await prepareWrites({ database, customer, staff, gateway, admin });
    const operations = await readOperations(malls[0]?.url ?? "");
    const keyed = operations.filter(({ takesKey }) => takesKey).map(({ path }) => path);
    const tried = writes.map(({ path }) => path);
    assert.deepEqual(keyed.toSorted(), tried.toSorted(), "every route that writes is tried");
    for (const { other, ...request } of writes) {
      const { path, body } = request;
      const key = newKey();
      const first = await send({ ...request, key });
      assert.equal(first.status, 200, `${path} ${first.text}`);
      const known = await fingerprint(database, TABLES);
      for (const place of [0, 1]) {
        assert.deepEqual(await send({ ...request, key }, place), first, path);
        const answer = await send({ ...request, body: { ...body, ...other }, key }, place);
        assert.deepEqual([answer.status, reasonIn(answer)], [422, "IDEMPOTENCY_KEY_REUSED"], path);
      }
      assert.equal(await fingerprint(database, TABLES), known, path);
    }
  });

  it("makes one payment where fifty twins come at once, and all get its answer", async () => {
    const { uid, token } = customer;
    const oid = await orderOne(customer, await putUp(staff, 1));
    const request = { path: "/api/pay/create", body: { uid, oid, amount: PRICE }, token, key: newKey() };
    const answers = await Promise.all(Array.from({ length: TWINS }, (_, index) => send(request, index)));
    assert.deepEqual(
      new Set(answers.map(({ status, text }) => `${status} ${text}`)).size,
      1,
      answers[0]?.text,
    );
    assert.equal(answers[0]?.status, 200);
  });

  it("places one order where fifty twins come at once, and takes one piece", async () => {
    const { uid, token } = customer;
    const pid = await putUp(staff, 10);
    const request = { path: "/api/order/create", body: { uid, pid, amount: PRICE }, token, key: newKey() };
    const answers = await Promise.all(Array.from({ length: TWINS }, (_, index) => send(request, index)));
    const answered = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
    assert.equal(answered.size, 1, answers[0]?.text);
    // The work is a saga's; who waits for it too long is told to come again.
    for (const late of answers.filter(({ status }) => status !== 200)) {
      assert.deepEqual([late.status, reasonIn(late), late.retryAfter], [409, "IDEMPOTENCY_IN_FLIGHT", "1"]);
    }
    assert.deepEqual(answered, new Set([(await send(request)).text]));
    assert.equal((await staff.product.detail({ id: pid })).stock, 9);
    const orders = await database.query.selectFrom("order").where("pid", "=", pid).select("id").execute();
    assert.equal(orders.length, 1);
  });

  it("makes one product where fifty twins come at once, though nothing but the key tells them from others", async () => {
    const request = { path: "/api/product/create", body: product("枣"), token: staff.token, key: newKey() };
    const answers = await Promise.all(Array.from({ length: TWINS }, (_, index) => send(request, index)));
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1, answers[0]?.text);
    assert.equal(await named("枣"), 1);
    const unkeyed = { ...request, body: product("杏"), key: undefined };
    await Promise.all([send(unkeyed), send(unkeyed)]);
    assert.equal(await named("杏"), 2, "without a key every request counts");
  });

  it("makes one account where twins come at once; with another password it is another request", async () => {
    const body = { name: "ving", gender: 1, mobile: newMobile(), password: PASSWORD };
    const request = { path: "/api/user/register", body, key: newKey() };
    const answers = await Promise.all(Array.from({ length: 4 }, (_, index) => send(request, index)));
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1, answers[0]?.text);
    assert.equal(answers[0]?.status, 200);
    const other = await send({ ...request, body: { ...body, password: "654321" } });
    assert.deepEqual([other.status, reasonIn(other)], [422, "IDEMPOTENCY_KEY_REUSED"]);
    const kept = await database.query.selectFrom("idempotency").selectAll().execute();
    assert.doesNotMatch(JSON.stringify(kept), new RegExp(PASSWORD));
  });

  it("is refused with 422 where its key was used for another body or another route, and changes nothing", async () => {
    const { token } = staff;
    const key = newKey();
    const pid = await putUp(staff, 1);
    assert.equal((await send({ path: "/api/product/remove", body: { id: pid }, token, key })).status, 200);
    const known = await fingerprint(database, TABLES);
    const others = [
      { path: "/api/product/remove", body: { id: pid + 1 } },
      { path: "/api/product/update", body: { id: pid, stock: 1 } },
    ];
    for (const [index, other] of others.entries()) {
      const answer = await send({ ...other, token, key }, index);
      assert.deepEqual([answer.status, reasonIn(answer)], [422, "IDEMPOTENCY_KEY_REUSED"], answer.text);
      assert.equal((JSON.parse(answer.text) as { field: string }).field, "Idempotency-Key");
    }
    assert.equal(await fingerprint(database, TABLES), known);
  });

  it("meets nobody else's key, and is told nothing of the answer that somebody else got", async () => {
    const key = newKey();
    const admin = personOfRole(gatewayUrls(malls[0]?.url ?? ""), "admin", 90_003);
    const request = { path: "/api/product/create", body: product("桃"), key };
    const [mine, theirs] = [
      await send({ ...request, token: staff.token }),
      await send({ ...request, token: admin.token }),
    ];
    assert.deepEqual([mine.status, theirs.status], [200, 200]);
    assert.notEqual(mine.text, theirs.text);
    const refused = await send({ ...request, token: customer.token });
    assert.deepEqual([refused.status, reasonIn(refused)], [403, "ROLE_REQUIRED"]);
  });

  it("that was refused is not remembered: with the same key it is tried again", async () => {
    const pid = await putUp(staff, 0);
    const { uid, token } = customer;
    const request = { path: "/api/order/create", body: { uid, pid, amount: PRICE }, token, key: newKey() };
    assert.equal(reasonIn(await send(request)), "STOCK_INSUFFICIENT");
    await staff.product.update({ id: pid, stockChange: 1 });
    assert.equal((await send(request)).status, 200);
    const { stock } = await staff.product.detail({ id: pid });
    assert.equal(stock, 0);
  });

  it("names a key that can be taken, or is refused before anything happens; routes that read do not look", async () => {
    const { token } = staff;
    const known = await fingerprint(database, TABLES);
    for (const key of ["", "x".repeat(256), "\u00e9"]) {
      const answer = await send({ path: "/api/product/create", body: product("李"), token, key });
      assert.deepEqual([answer.status, reasonIn(answer)], [400, "INVALID_FIELD"]);
    }
    assert.equal(await fingerprint(database, TABLES), known);
    const pid = await putUp(staff, 1);
    const read = await send({ path: "/api/product/detail", body: { id: pid }, token, key: "x".repeat(256) });
    assert.equal(read.status, 200);
  });

  it("is what /docs says of every route that writes, and of no other", async () => {
    const operations = await readOperations(malls[0]?.url ?? "");
    assert.ok(operations.length >= 15);
    for (const { path, takesKey } of operations) {
      assert.equal(takesKey, !REPEATABLE.test(path), path);
    }
  });

  describe("sent again after a crash", () => {
    it("has had its effect once at most, and no answer that was given changes", async () => {
      for (let round = 0; round < 2; round += 1) {
        const requests = Array.from({ length: 40 }, (_, index) => ({
          path: "/api/product/create",
          body: product(`瓜${round}-${index}`),
          token: staff.token,
          key: newKey(),
        }));
        const before = requests.map((request) => send(request, 1).catch(() => undefined));
        await Promise.race(before.slice(10 * round));
        await malls[1]?.kill();
        const answers = await Promise.all(before);
        await malls[1]?.start();
        for (const [index, request] of requests.entries()) {
          const again = await send(request, index);
          assert.equal(again.status, 200, again.text);
          const first = answers[index];
          if (first !== undefined) assert.deepEqual(again, first);
          assert.equal(await named(request.body.name), 1);
        }
      }
    });
  });
});
