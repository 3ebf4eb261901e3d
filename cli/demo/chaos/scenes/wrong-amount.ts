import { PRICE, type Purchase, type Shop } from "../shop.ts";
import { chaosFailed } from "../story.ts";
import { ORDER, PAY, type Scene, yuan } from "./scene.ts";

/** Somebody in the shop decides about money that does not match. */
export const wrongAmount: Scene = {
  title: "The buyer is charged a wrong amount",
  play: async (shop) => {
    const pid = await shop.product(2);
    const less = await charge(shop, pid, PRICE - 990);
    await shop.staff().pays.resolve({ id: less.id, decision: "refund" });
    shop.story.does(`staff look into payment ${less.id} and send it back`);
    await shop.until(less, { pay: PAY.closed, order: ORDER.cancelled });
    shop.story.mall("the money went back, the payment is closed, the order cancelled");
    const more = await charge(shop, pid, PRICE + 10);
    await shop.staff().pays.resolve({ id: more.id, decision: "accept" });
    shop.story.does(`staff look into payment ${more.id} and accept it`);
    await shop.until(more, { pay: PAY.paid, order: ORDER.paid });
    shop.story.mall("payment and order are paid, with what came in the books");
  },
};

async function charge(shop: Shop, pid: number, amount: number): Promise<Purchase> {
  const purchase = await shop.open(pid);
  const outTradeNo = await shop.prepay(purchase.id);
  shop.story.does(`order ${purchase.oid}, payment ${purchase.id} of ${yuan(PRICE)}`);
  await shop.buyerPays(outTradeNo, amount);
  shop.story.trouble(`the bank takes ${yuan(amount)}`);
  await shop.until(purchase, { pay: PAY.held, order: ORDER.unpaid });
  const { heldReason } = await shop.customer().pays.detail({ id: purchase.id });
  if (heldReason !== "AMOUNT_MISMATCH") throw chaosFailed(`the payment is held for ${heldReason}`);
  shop.story.mall(`held (${heldReason}): the order is not paid, the money waits on the account suspense`);
  return purchase;
}
