import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { forEachDatabase, type TestDatabases } from "@mall/kit/testing";
import { type Finding, type MallDatabases, verifyMall } from "../cli/verify/index.ts";
import { Random } from "../sim/kernel/index.ts";
import { newMobile, PASSWORD } from "./support/people.ts";
import { type Clients, placeLocally, placeOnNetwork } from "./support/placements.ts";
import { PRICE } from "./support/shop.ts";
import { assertVerifiedDatabases } from "./support/verified.ts";

const SEED = Number(process.env.MALL_VERIFY_SEED ?? randomInt(2 ** 31));
const BUYERS = 4;
const STOCK = 100_000;
/** Looks that must find nothing, and payments that must have been made meanwhile. */
const LOOKS_MIN = 8;
const PAYMENTS_MIN = 30;

/** Where the services run, and on what. */
interface Placed {
  readonly clients: Clients;
  readonly databases: MallDatabases;
  stop(): Promise<void>;
}

forEachDatabase(`mall verify under load (MALL_VERIFY_SEED=${SEED})`, (databases) => {
  for (const [name, place] of [
    ["in one database", placeOnOne],
    ["in a database for each service", placeOnMany],
  ] as const) {
    it(`raises no false alarm while people buy, cancel and get their money back, ${name}`, async () => {
      const placed = await place(databases);
      try {
        await assertNoFalseAlarm(placed);
      } finally {
        await placed.stop();
      }
    });
  }
});

async function placeOnOne(databases: TestDatabases): Promise<Placed> {
  const dataSource = await databases.createDataSource();
  const { clients, stop } = await placeLocally(dataSource);
  const database = await databases.open({ dataSource });
  return { clients, stop, databases: { product: database, order: database, pay: database } };
}

async function placeOnMany(databases: TestDatabases): Promise<Placed> {
  const create = () => databases.createDataSource();
  const sources = {
    user: await create(),
    product: await create(),
    order: await create(),
    pay: await create(),
  };
  const { clients, stop } = await placeOnNetwork(sources);
  const open = (dataSource: string) => databases.open({ dataSource });
  return {
    clients,
    stop,
    databases: {
      product: await open(sources.product),
      order: await open(sources.order),
      pay: await open(sources.pay),
    },
  };
}

async function assertNoFalseAlarm({ clients, databases }: Placed): Promise<void> {
  const call = backgroundCall;
  const account = { name: "ving", gender: 1, mobile: newMobile(), password: PASSWORD };
  const { id: uid } = await clients.user.register(call(), account);
  const product = { name: "苹果", desc: "", stock: STOCK, amount: PRICE, status: 0 };
  const { id: pid } = await clients.product.create(call(), product);
  const initial = new Map([[pid, STOCK]]);
  const load = { isOver: false };
  const buyers = Array.from({ length: BUYERS }, async (_, buyer) => {
    const random = new Random(SEED + buyer);
    while (!load.isOver) await buyOne(clients, { uid, pid }, random);
  });
  try {
    let payments = 0;
    for (let look = 0; look < LOOKS_MIN || payments < PAYMENTS_MIN; look += 1) {
      const differences: Finding[] = [];
      const verified = await verifyMall(databases, {
        initial,
        report: (finding) => {
          if (!finding.isUnderWay) differences.push(finding);
        },
      });
      assert.deepEqual(differences, []);
      ({ payments } = verified);
    }
  } finally {
    load.isOver = true;
    await Promise.all(buyers);
  }
  await assertVerifiedDatabases(databases, { initial });
}

/** One purchase, which ends in one of the ways that there are. */
async function buyOne(
  { order, pay }: Clients,
  { uid, pid }: { readonly uid: number; readonly pid: number },
  random: Random,
): Promise<void> {
  const call = backgroundCall;
  const { id: oid } = await order.create(call(), { uid, pid, amount: PRICE, status: 0 });
  const { id } = await pay.create(call(), { uid, oid, amount: PRICE });
  const isLate = random.chance(0.3);
  if (isLate) await order.update(call(), { id: oid, status: 9 });
  if (random.chance(0.2)) return;
  await pay.callback(call(), { id, uid, oid, amount: PRICE, source: 1, status: 1 });
  if (random.chance(0.6)) return;
  const refundNo = `R-${id}`;
  const amount = random.chance(0.5) ? PRICE : 200;
  await pay.refund(call(), { id, refundNo, amount, reason: "", requestedBy: uid });
  await pay.settleRefund(call(), { refundNo, succeeded: true });
}
