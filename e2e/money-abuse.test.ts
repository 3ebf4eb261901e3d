import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { type AbuseScene, openAbuseScene } from "./support/abuse-scene.ts";
import { fingerprint } from "./support/database-state.ts";
import { newKey, sendKeyed } from "./support/keyed-request.ts";
import { PRICE, putUp, success } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

forEachDatabase("a request about orders and payments that is wrong or foreign", (databases) => {
  let scene: AbuseScene;

  before(async () => {
    const dataSource = await databases.createDataSource();
    scene = await openAbuseScene(dataSource, await databases.open({ dataSource }));
  });
  after(() => scene.mall.stop());

  it("creates no order: price, person and product must be right", async () => {
    const { assertRefused, buyer, invalid, pid, staff, victim } = scene;
    const path = "/api/order/create";
    const { uid } = buyer.person;
    const body = { uid, pid, amount: PRICE };
    const removed = await putUp(staff, 1);
    await staff.product.remove({ id: removed });
    const offShelf = await putUp(staff, 1);
    await staff.product.update({ id: offShelf, stock: 1, status: 1 });
    const soldOut = await putUp(staff, 0);
    await assertRefused([
      ...invalid(path, body, "amount"),
      ...[0, PRICE - 1, PRICE + 1].map((amount) => ({
        what: `a price of ${amount}`,
        path,
        body: { ...body, amount },
        status: 400,
        reason: "PRICE_MISMATCH",
      })),
      {
        what: "another's uid",
        path,
        body: { ...body, uid: victim.person.uid },
        status: 404,
        reason: "USER_NOT_FOUND",
      },
      {
        what: "no such product",
        path,
        body: { ...body, pid: 999_999 },
        status: 404,
        reason: "PRODUCT_NOT_FOUND",
      },
      {
        what: "a removed product",
        path,
        body: { ...body, pid: removed },
        status: 404,
        reason: "PRODUCT_NOT_FOUND",
      },
      {
        what: "an off-shelf product",
        path,
        body: { ...body, pid: offShelf },
        status: 400,
        reason: "PRODUCT_OFF_SHELF",
      },
      { what: "no stock", path, body: { ...body, pid: soldOut }, status: 409, reason: "STOCK_INSUFFICIENT" },
    ]);
  });

  it("changes no order: not its price, owner or product, not one that is settled, nobody else's", async () => {
    const { assertRefused, buyer, invalid, pid, staff, victim } = scene;
    const path = "/api/order/update";
    const id = buyer.open.oid;
    const conflict = { status: 409, reason: "ORDER_STATE_CONFLICT" };
    const missing = { status: 404, reason: "ORDER_NOT_FOUND" };
    await assertRefused([
      ...invalid(path, { id }, "amount", staff).filter(({ what }) => !what.endsWith("null")),
      { what: "a customer's own price", path, body: { id, amount: 1 }, status: 403, reason: "ROLE_REQUIRED" },
      {
        what: "another owner",
        path,
        body: { id, uid: victim.person.uid },
        status: 400,
        reason: "ORDER_FIXED",
      },
      { what: "another product", path, body: { id, pid: pid + 1 }, status: 400, reason: "ORDER_FIXED" },
      { what: "paid by hand", path, body: { id, status: 1 }, ...conflict },
      { what: "paid by staff's hand", path, body: { id, status: 1 }, ...conflict, by: staff },
      { what: "refunded by hand", path, body: { id, status: 2 }, ...conflict, by: staff },
      { what: "a paid one cancelled", path, body: { id: buyer.paid.oid, status: 9 }, ...conflict },
      { what: "a paid one's price", path, body: { id: buyer.paid.oid, amount: 1 }, ...conflict, by: staff },
      {
        what: "a cancelled one unpaid again",
        path,
        body: { id: buyer.cancelled.oid, status: 0 },
        ...conflict,
      },
      { what: "another's", path, body: { id: victim.open.oid, status: 9 }, ...missing },
      { what: "a paid one removed", path: "/api/order/remove", body: { id: buyer.paid.oid }, ...conflict },
      { what: "another's removed", path: "/api/order/remove", body: { id: victim.open.oid }, ...missing },
    ]);
  });

  it("opens no payment: order, owner, state and amount must be right", async () => {
    const { assertRefused, buyer, invalid, victim } = scene;
    const path = "/api/pay/create";
    const { uid } = buyer.person;
    const body = { uid, oid: buyer.fresh, amount: PRICE };
    await assertRefused([
      ...invalid(path, body, "amount"),
      ...[0, PRICE - 1, PRICE + 1, 4294967295].map((amount) => ({
        what: `an amount of ${amount}`,
        path,
        body: { ...body, amount },
        status: 400,
        reason: "PAY_AMOUNT_MISMATCH",
      })),
      {
        what: "another's order",
        path,
        body: { ...body, oid: victim.fresh },
        status: 404,
        reason: "ORDER_NOT_FOUND",
      },
      {
        what: "another's uid",
        path,
        body: { ...body, uid: victim.person.uid },
        status: 404,
        reason: "USER_NOT_FOUND",
      },
      {
        what: "no such order",
        path,
        body: { ...body, oid: 999_999 },
        status: 404,
        reason: "ORDER_NOT_FOUND",
      },
      {
        what: "a second one",
        path,
        body: { ...body, oid: buyer.open.oid },
        status: 409,
        reason: "PAY_EXISTS",
      },
      {
        what: "one for a paid order",
        path,
        body: { ...body, oid: buyer.paid.oid },
        status: 409,
        reason: "PAY_EXISTS",
      },
    ]);
  });

  it("makes nothing paid: a callback must come from a gateway and name the payment's own user and order, and money", async () => {
    const { assertRefused, buyer, gateway, invalid, staff, victim } = scene;
    const path = "/api/pay/callback";
    const { uid } = buyer.person;
    const body = success({ ...buyer.open, uid });
    const forbidden = { status: 403, reason: "ROLE_REQUIRED" };
    const by = gateway;
    const foreign = { status: 404, reason: "ORDER_NOT_FOUND", by };
    await assertRefused([
      { what: "a customer's word", path, body, ...forbidden },
      { what: "staff's word", path, body, ...forbidden, by: staff },
      ...invalid(path, body, "amount", by),
      {
        what: "no money",
        path,
        body: { ...body, amount: 0 },
        status: 400,
        reason: "PAY_AMOUNT_MISMATCH",
        by,
      },
      ...[0, 2, 3, 9, 255].map((status) => ({
        what: `a status of ${status}`,
        path,
        body: { ...body, status },
        status: 400,
        reason: "INVALID_FIELD",
        by,
      })),
      ...[4, 7, 10, 255, 256].map((source) => ({
        what: `a source of ${source}, which does not exist`,
        path,
        body: { ...body, source },
        status: 400,
        reason: "INVALID_FIELD",
        by,
      })),
      { what: "another's payment", path, body: { ...body, id: victim.open.id }, ...foreign },
      { what: "another's order", path, body: { ...body, oid: victim.open.oid }, ...foreign },
      { what: "another user", path, body: { ...body, uid: victim.person.uid }, ...foreign },
      { what: "one's other order", path, body: { ...body, oid: buyer.fresh }, ...foreign },
      {
        what: "no such payment",
        path,
        body: { ...body, id: 999_999 },
        status: 404,
        reason: "PAY_NOT_FOUND",
        by,
      },
    ]);
  });

  describe("under a key that was used", () => {
    it("is refused where it is another one, and is somebody else's own where the key is theirs too", async () => {
      const { buyer, database, mall, pid, victim } = scene;
      const { uid, token } = buyer.person;
      const key = newKey();
      const used = { path: "/api/pay/create", body: { uid, oid: buyer.fresh, amount: PRICE }, token, key };
      const first = await sendKeyed(mall.url, used);
      assert.equal(first.status, 200, first.text);
      const known = await fingerprint(database);
      const others = [
        { body: { ...used.body, amount: PRICE - 1 } },
        { body: { ...used.body, oid: buyer.open.oid } },
        { path: "/api/order/update", body: { id: buyer.open.oid, status: 9 } },
        { path: "/api/order/create", body: { uid, pid, amount: PRICE } },
      ];
      for (const other of others) {
        const { status, text } = await sendKeyed(mall.url, { ...used, ...other });
        const { reason, field } = JSON.parse(text) as { reason: string; field: string };
        assert.deepEqual([status, reason, field], [422, "IDEMPOTENCY_KEY_REUSED", "Idempotency-Key"], text);
      }
      const stolen = await sendKeyed(mall.url, { ...used, token: victim.person.token });
      assert.deepEqual([stolen.status, JSON.parse(stolen.text).reason], [404, "USER_NOT_FOUND"]);
      assert.equal(await fingerprint(database), known);
      assert.deepEqual(await sendKeyed(mall.url, used), first);
    });
  });

  it("leaves payments, orders and stock that say the same", () => assertVerified(scene.mall.dataSource));
});
