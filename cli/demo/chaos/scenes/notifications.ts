import type { Purchase, Shop } from "../shop.ts";
import { chaosFailed } from "../story.ts";
import { ORDER, PAY, type Scene } from "./scene.ts";

const PAID = { pay: PAY.paid, order: ORDER.paid };

/** Unauthorized. */
const FORGED = 401;

/** What is normal, to compare the rest with. */
export const nothingWrong: Scene = {
  title: "Nothing goes wrong",
  play: async (shop) => {
    const { purchase, outTradeNo } = await begin(shop);
    await shop.buyerPays(outTradeNo);
    shop.story.does("the buyer pays; the bank notifies mall");
    const after = await shop.until(purchase, PAID);
    shop.story.mall(`payment ${purchase.id} and order ${purchase.oid} are paid after ${after}`);
  },
};

export const lost: Scene = {
  title: "The notification is lost",
  play: async (shop) => {
    const { purchase, outTradeNo } = await begin(shop);
    await shop.fault({ fault: "notify.lost", outTradeNo });
    await shop.buyerPays(outTradeNo);
    shop.story.trouble("the buyer pays, and the bank's notification never arrives");
    const after = await shop.until(purchase, PAID);
    shop.story.mall(`mall asked the bank by itself: paid after ${after}`);
  },
};

export const doubled: Scene = {
  title: "The notification comes twice",
  play: async (shop) => {
    const { purchase, outTradeNo } = await begin(shop);
    await shop.fault({ fault: "notify.doubled", outTradeNo });
    await shop.buyerPays(outTradeNo);
    shop.story.trouble("the buyer pays once, and the bank says so twice");
    await shop.until(purchase, PAID);
    shop.story.mall(`payment ${purchase.id} is paid once; the second word changes nothing`);
  },
};

export const tampered: Scene = {
  title: "The notification is tampered with, and one is forged",
  play: async (shop) => {
    const { purchase, outTradeNo } = await begin(shop);
    const status = await forge(shop, outTradeNo);
    shop.story.trouble(`somebody posts "paid" for ${outTradeNo} without the bank's signature`);
    if (status !== FORGED) throw chaosFailed(`a forged notification was answered with ${status}`);
    shop.story.mall(`refused with ${status}, and the payment is as unpaid as before`);
    await shop.until(purchase, { pay: PAY.created, order: ORDER.unpaid });
    await shop.fault({ fault: "notify.tampered", outTradeNo });
    await shop.buyerPays(outTradeNo);
    shop.story.trouble("the buyer does pay, and the bank's notification is changed on its way");
    const after = await shop.until(purchase, PAID);
    shop.story.mall(`refused as well; mall asked the bank, which told the truth: paid after ${after}`);
  },
};

async function begin(shop: Shop): Promise<{ purchase: Purchase; outTradeNo: string }> {
  const purchase = await shop.open(await shop.product(1));
  const outTradeNo = await shop.prepay(purchase.id);
  shop.story.does(`order ${purchase.oid}, payment ${purchase.id}, at the bank ${outTradeNo}`);
  return { purchase, outTradeNo };
}

async function forge({ mall }: Shop, outTradeNo: string): Promise<number> {
  const response = await fetch(`${mall.url}/api/pay/notify/sandbox`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-sandbox-signature": "t=1,v1=00" },
    body: JSON.stringify({ outTradeNo, state: "paid" }),
  });
  await response.arrayBuffer();
  return response.status;
}
