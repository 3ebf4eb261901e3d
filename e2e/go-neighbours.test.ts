import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { startMariadb, type TestMysql } from "@mall/kit/testing";
import { createMallTables } from "./support/mall-tables.ts";
import { GO_SIDES, type RealGo } from "./swap/real-go.ts";
import { Buyer, idOf, putUpAt } from "./swap/shopping.ts";
import { type Kind, type ProcessName, type SwapMall, startSwapMall } from "./swap/swap-mall.ts";

const AT_ONCE = 10;
const TOLD_MS_MAX = 2_500;

for (const { title: side, skip, start: startGo } of GO_SIDES) {
  describe(`beside processes that refuse as go-zero-mall's: ${side}`, {
    skip: skip ?? false,
    timeout: 120_000,
  }, () => {
    let server: TestMysql;
    let real: RealGo | undefined;

    before(async () => {
      const started = await startMariadb();
      if ("skipped" in started) throw new Error(started.skipped);
      server = started;
      real = await startGo();
    });
    after(async () => {
      await real?.redis.stop();
      await server.stop();
    });

    const start = async (t: TestContext, kind: (name: ProcessName) => Kind): Promise<SwapMall> => {
      const mall = await startSwapMall({ dataSource: await createMallTables(server), real }, kind);
      t.after(() => mall.stop());
      return mall;
    };

    for (const [title, isGo] of [
      ["our apis before Go's rpcs", (name: string) => name.endsWith(".rpc")],
      ["a Go order.rpc among ours", (name: string) => name === "order.rpc"],
      ["a Go pay.rpc among ours", (name: string) => name === "pay.rpc"],
    ] as const) {
      it(`sold-out orders, repeated payments and bad values hinder no good ones: ${title}`, async (t) => {
        const mall = await start(t, (name) => (isGo(name) ? "go" : "ours"));
        const buyer = new Buyer(mall);
        await buyer.register();
        const soldOut = await putUpAt(mall, 0);
        const available = await putUpAt(mall, 1000);
        const paidFor = idOf(await buyer.order(available));
        idOf(await buyer.pay(paidFor));
        await times(40, async () => {
          await buyer.beRefused(soldOut);
          const again = await buyer.pay(paidFor);
          assert.ok(again.status >= 400 && again.status < 500, again.text);
          assert.equal(JSON.parse(again.text).msg, "订单已创建支付");
        });
        await times(60, async () => {
          const wanted = { uid: buyer.uid, pid: available, amount: 500, status: 0 };
          const oid = idOf(await buyer.once("order/create", wanted));
          idOf(await buyer.once("pay/create", { uid: buyer.uid, oid, amount: 500 }));
        });
      });
    }

    for (const kind of ["go", "ours"] as const) {
      it(`a value that the database of a user.rpc refuses is told by field and closes no registration: ${kind}`, async (t) => {
        const mall = await start(t, (name) => (name === "user.rpc" ? kind : "ours"));
        await mall.database.write({
          sql: "ALTER TABLE user CONVERT TO CHARACTER SET utf8mb3",
          parameters: [],
        });
        const buyer = new Buyer(mall);
        const register = async (round: number): Promise<void> => {
          const person = {
            name: "\u{1F600}",
            gender: 1,
            mobile: `1390000${1000 + round}`,
            password: "123456",
          };
          const answer = await buyer.once("user/register", person);
          assert.equal(answer.status, 400, answer.text);
          assert.equal(JSON.parse(answer.text).field, "name");
          assert.doesNotMatch(answer.text, /Error|column|row|mall/);
        };
        // Each costs a hash of a password.
        await times(12, register, 2);
        await buyer.register();
      });
    }

    it("an order for which a Go product.rpc has no method is refused at once, and no order appears later", async (t) => {
      const mall = await start(t, (name) => (name === "product.rpc" ? "go" : "ours"));
      const buyer = new Buyer(mall);
      await buyer.register();
      const pid = await putUpAt(mall, 10);
      await times(20, async () => {
        const answer = await buyer.order(pid);
        assert.equal(answer.status, 501, answer.text);
        assert.match(answer.text, /product\.Product has no method DecrStock/);
        assert.ok(answer.ms < TOLD_MS_MAX, `${answer.ms} ms`);
      });
      const [open] = await mall.database.read({
        sql: "SELECT COUNT(*) AS n FROM saga WHERE state < 2",
        parameters: [],
      });
      assert.equal(Number(open?.n), 0, "sagas that would go on");
      await mall.swap("product.rpc", "ours");
      idOf(await buyer.order(pid));
      const listed = await buyer.ask("order/list", { uid: buyer.uid });
      assert.equal(JSON.parse(listed.text).length, 1);
    });
  });
}

/** So often, a few at once. */
async function times(count: number, work: (round: number) => Promise<void>, atOnce = AT_ONCE): Promise<void> {
  for (let first = 0; first < count; first += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => work(first + index)));
  }
}
