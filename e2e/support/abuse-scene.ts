import assert from "node:assert/strict";
import type { Database } from "@mall/kit/store";
import { fingerprint } from "./database-state.ts";
import { newKey, sendKeyed } from "./keyed-request.ts";
import { startTestMall, type TestMall } from "./mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./shop.ts";

/** Amounts that no contract takes. */
const NO_AMOUNTS: readonly unknown[] = [-1, 4294967296, 0.5, 2 ** 53, "500", null, true, [PRICE]];

/** An order with its payment. */
interface Bought {
  readonly oid: number;
  readonly id: number;
}

/** Somebody with an order in each state that matters, and the payments of those. */
interface Buyer {
  readonly person: Person;
  /** Unpaid, without a payment. */
  readonly fresh: number;
  readonly open: Bought;
  readonly paid: Bought;
  /** The order is; its payment is open. */
  readonly cancelled: Bought;
  readonly closed: Bought;
}

/** A request that must be refused. */
interface Refusal {
  readonly what: string;
  readonly path: string;
  readonly body: object;
  readonly status: number;
  readonly reason: string;
  /** Who sends it; the buyer unless it says otherwise. */
  readonly by?: Person;
}

/** A mall with two customers, of whom one wants what is the other's, or what nobody may have. */
export interface AbuseScene {
  readonly mall: TestMall;
  readonly database: Database;
  /** A product that both have ordered. */
  readonly pid: number;
  readonly staff: Person;
  readonly gateway: Person;
  readonly buyer: Buyer;
  readonly victim: Buyer;
  /** Every one is refused with its status and reason, with a key and without, and nothing has changed. */
  readonly assertRefused: (refusals: readonly Refusal[]) => Promise<void>;
  /** Requests whose field is no amount. */
  readonly invalid: (path: string, body: object, field: string, by?: Person) => Refusal[];
}

/** Starts the mall in mode `pro`, with the sandbox's channel. */
export async function openAbuseScene(dataSource: string, database: Database): Promise<AbuseScene> {
  const mall = await startTestMall({ dataSource, mode: "pro", blocks: { Sandbox: { Enabled: true } } });
  const urls = gatewayUrls(mall.url);
  const staff = personOfRole(urls, "staff", 90_001);
  const gateway = personOfRole(urls, "gateway", 90_002);
  const pid = await putUp(staff, 100);
  const buyer = await createBuyer(await newCustomer(urls), gateway, pid);
  const victim = await createBuyer(await newCustomer(urls), gateway, pid);
  return {
    mall,
    database,
    pid,
    staff,
    gateway,
    buyer,
    victim,
    assertRefused: async (refusals) => {
      const known = await fingerprint(database);
      for (const refusal of refusals) await assertOneRefused(mall.url, buyer.person, refusal);
      assert.equal(await fingerprint(database), known);
    },
    invalid: (path, body, field, by) =>
      NO_AMOUNTS.map((value) => ({
        what: `${path} with ${field} ${JSON.stringify(value)}`,
        path,
        body: { ...body, [field]: value },
        status: 400,
        reason: "INVALID_FIELD",
        ...(by !== undefined && { by }),
      })),
  };
}

async function createBuyer(person: Person, gateway: Person, pid: number): Promise<Buyer> {
  const buy = async (): Promise<Bought> => {
    const oid = await orderOne(person, pid);
    return { oid, id: await openPay(person, oid) };
  };
  const [fresh, open] = [await orderOne(person, pid), await buy()];
  const [paid, cancelled, closed] = [await buy(), await buy(), await buy()];
  await gateway.pay.callback(success({ ...paid, uid: person.uid }));
  await person.order.update({ id: cancelled.oid, status: 9 });
  await person.pay.close({ id: closed.id });
  return { person, fresh, open, paid, cancelled, closed };
}

async function assertOneRefused(url: string, buyer: Person, refusal: Refusal): Promise<void> {
  const { what, path, body, status, reason, by = buyer } = refusal;
  for (const key of [undefined, newKey()]) {
    const answer = await sendKeyed(url, { path, body, token: by.token, key });
    const seen = JSON.parse(answer.text) as { reason?: string; msg?: string };
    assert.deepEqual([answer.status, seen.reason], [status, reason], `${what}: ${answer.text}`);
    assert.ok((seen.msg ?? "") !== "", what);
  }
}
