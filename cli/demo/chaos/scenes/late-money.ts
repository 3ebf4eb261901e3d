import { AppError } from "@mall/kit/errors";
import { PRICE } from "../shop.ts";
import { chaosFailed } from "../story.ts";
import { ORDER, PAY, type Scene } from "./scene.ts";

/** A bank that takes money for what it had closed: the order comes back, as its piece is there. */
export const afterClose: Scene = {
  title: "The buyer pays after the payment was closed",
  play: async (shop) => {
    const pid = await shop.product(1);
    const purchase = await shop.open(pid);
    const outTradeNo = await shop.prepay(purchase.id);
    await shop.customer().pays.close({ id: purchase.id });
    await shop.until(purchase, { pay: PAY.closed, order: ORDER.cancelled });
    shop.story.does(
      `payment ${purchase.id} is closed, at the bank first; order ${purchase.oid} gave its piece back`,
    );
    await shop.fault({ fault: "pay.late", outTradeNo });
    await shop.buyerPays(outTradeNo);
    shop.story.trouble("the bank takes the buyer's money all the same");
    await shop.until(purchase, { pay: PAY.paid, order: ORDER.paid });
    const left = await shop.stock(pid);
    if (left !== 0) throw chaosFailed(`product ${pid} has ${left} pieces left, not 0`);
    shop.story.mall("the order took its piece again: payment and order are paid");
  },
};

/** The piece is gone, so the money goes back. */
export const soldOut: Scene = {
  title: "The buyer pays for a cancelled order whose last piece somebody else has",
  play: async (shop) => {
    const pid = await shop.product(1);
    const purchase = await shop.open(pid);
    const outTradeNo = await shop.prepay(purchase.id);
    const { orders } = shop.customer();
    await orders.update({ id: purchase.oid, status: ORDER.cancelled });
    const other = await orderWhenThere(() => orders.create({ uid: shop.uid, pid, amount: PRICE }));
    shop.story.does(`order ${purchase.oid} is cancelled, and its piece goes to order ${other.id}`);
    await shop.buyerPays(outTradeNo);
    shop.story.trouble(`the buyer's page was still open: the bank takes the money of payment ${purchase.id}`);
    await shop.until(purchase, { pay: PAY.refunded, order: ORDER.refunded });
    shop.story.mall("there is no piece left, so all of it went back, and nobody had to do anything");
  },
};

/** A cancelled order gives its piece back by a job, right after its answer. */
async function orderWhenThere(
  order: () => Promise<{ readonly id: number }>,
): Promise<{ readonly id: number }> {
  for (let tries = 50; ; tries -= 1) {
    try {
      return await order();
    } catch (error) {
      if (!(error instanceof AppError) || tries === 0) throw error;
    }
  }
}
