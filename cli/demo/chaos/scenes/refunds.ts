import { PRICE } from "../shop.ts";
import { ORDER, PAY, type Scene, yuan } from "./scene.ts";

const PAID = { pay: PAY.paid, order: ORDER.paid };

/** One page of the bank with the old price, one with the new. */
export const twice: Scene = {
  title: "The price changes while the buyer looks at the bank's page, and the buyer pays both",
  play: async (shop) => {
    const lower = PRICE - 100;
    const purchase = await shop.open(await shop.product(1));
    const { id, oid } = purchase;
    const first = await shop.prepay(id);
    await shop.staff().orders.update({ id: oid, amount: lower });
    const second = await shop.prepay(id);
    shop.story.does(
      `staff lower order ${oid} to ${yuan(lower)}: mall closes ${first} at the bank, opens ${second}`,
    );
    await shop.buyerPays(second);
    await shop.until(purchase, PAID);
    await shop.fault({ fault: "pay.late", outTradeNo: first });
    await shop.buyerPays(first);
    shop.story.trouble("the buyer pays the new one, then the old one, and the bank takes both");
    await shop.untilRefunded(`back-${first}`);
    await shop.until(purchase, PAID);
    shop.story.mall(`a payment has one success: the second ${yuan(PRICE)} went back by themselves`);
  },
};

/** What the shop gives back, in two parts. */
export const inParts: Scene = {
  title: "Staff give a part back, then the rest, and the bank loses an answer",
  play: async (shop) => {
    const part = 500;
    const purchase = await shop.open(await shop.product(1));
    const { id, oid } = purchase;
    const outTradeNo = await shop.prepay(id);
    await shop.buyerPays(outTradeNo);
    await shop.until(purchase, PAID);
    const { pays } = shop.staff();
    await shop.fault({ fault: "refund.error-after", outTradeNo });
    await pays.refund({ id, refundNo: `part-${oid}`, amount: part, reason: "a dent" });
    shop.story.trouble(`staff refund ${yuan(part)}; the bank makes it, and answers with an error`);
    await shop.until(purchase, { pay: PAY.partlyRefunded, order: ORDER.paid });
    shop.story.mall("asked again under the same number: made once, the payment is partly refunded");
    await pays.refund({ id, refundNo: `rest-${oid}`, amount: PRICE - part, reason: "sent back" });
    shop.story.does(`staff refund the rest, ${yuan(PRICE - part)}`);
    await shop.until(purchase, { pay: PAY.refunded, order: ORDER.refunded });
    shop.story.mall("the payment is refunded, and its order with it");
  },
};
