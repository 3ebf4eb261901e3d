import { pause } from "@mall/kit/async";
import { AppError } from "@mall/kit/errors";
import { PRICE, type Purchase, type Shop } from "../shop.ts";
import { chaosFailed } from "../story.ts";
import { ORDER, PAY, type Scene } from "./scene.ts";

const BUYERS = 6;
const PAGE = 500;

/** Buyers who send everything again until it is answered: orders and payments under keys of their own. */
export const killed: Scene = {
  title: "kill -9 in the middle of it",
  play: async (shop) => {
    const { story, mall } = shop;
    const pid = await shop.product(BUYERS);
    const somebodyPaid = Promise.withResolvers<void>();
    const buying = Promise.all(
      Array.from({ length: BUYERS }, (_, buyer) => buy(shop, `${pid}-${buyer}`, pid, somebodyPaid.resolve)),
    );
    await Promise.race([somebodyPaid.promise, buying]);
    await mall.kill();
    story.does(`${BUYERS} buyers order, prepay and pay at once`);
    story.trouble("mall and bank are killed as the first of them has paid");
    await mall.start();
    story.does(`they run again, on the same data, at ${mall.url}; whoever got no answer asks again`);
    for (const purchase of await buying) await shop.until(purchase, { pay: PAY.paid, order: ORDER.paid });
    await checkOrders(shop, pid);
    story.mall(`${BUYERS} orders, ${BUYERS} payments, ${BUYERS} pieces sold: nothing lost, nothing twice`);
  },
};

async function buy(shop: Shop, key: string, pid: number, paid: () => void): Promise<Purchase> {
  const { uid } = shop;
  const { id: oid } = await insist(shop, () =>
    shop.customer().orders.create({ uid, pid, amount: PRICE }, { idempotencyKey: `order-${key}` }),
  );
  const { id } = await insist(shop, () =>
    shop.customer().pays.create({ uid, oid, amount: PRICE }, { idempotencyKey: `pay-${key}` }),
  );
  // Needs no key: an open attempt is returned again, and one of unknown outcome is closed before another is opened.
  const outTradeNo = await insist(shop, () => shop.prepay(id));
  await insist(shop, () => shop.buyerPays(outTradeNo));
  paid();
  return { oid, id };
}

/** Asks until there is an answer. */
async function insist<T>({ runtime }: Shop, ask: () => Promise<T>): Promise<T> {
  for (let tries = 200; ; tries -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError) || tries === 0) throw error;
    }
    await pause(runtime, 100);
  }
}

async function checkOrders(shop: Shop, pid: number): Promise<void> {
  const orders = await shop.customer().orders.list({ uid: shop.uid, limit: PAGE });
  const ours = orders.filter((order) => order.pid === pid && order.status === ORDER.paid);
  const left = await shop.stock(pid);
  if (ours.length === BUYERS && left === 0) return;
  throw chaosFailed(`${ours.length} of ${BUYERS} orders are paid, and ${left} pieces are left`);
}
