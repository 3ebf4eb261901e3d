import { decimalsOf } from "@mall/kit/currency";
import { products } from "./clients.ts";

interface Sample {
  readonly name: string;
  readonly desc: string;
  /** In whole units of the currency. */
  readonly price: number;
  readonly stock: number;
}

/** What is put up to try the mall with, the last first in a list; one piece of one, so that it is soon sold out. */
const SAMPLES: Readonly<Record<"en" | "zh-CN", readonly Sample[]>> = {
  en: [
    { name: "Gaiwan, one of a kind", desc: "Thrown by hand. There is only this one.", price: 320, stock: 1 },
    { name: "Clay teapot, 180 ml", desc: "Unglazed, for one kind of tea.", price: 128, stock: 12 },
    { name: "Black tea, 100 g", desc: "Malty, with a hint of cocoa.", price: 56, stock: 80 },
    { name: "Green tea, 250 g", desc: "First harvest of spring.", price: 38, stock: 200 },
  ],
  "zh-CN": [
    { name: "手作盖碗（孤品）", desc: "手工拉坯，仅此一件。", price: 320, stock: 1 },
    { name: "紫砂壶 180 毫升", desc: "一壶一茶。", price: 128, stock: 12 },
    { name: "红茶 100 克", desc: "麦芽香，略带可可味。", price: 56, stock: 80 },
    { name: "绿茶 250 克", desc: "明前头采。", price: 38, stock: 200 },
  ],
};

/** Puts the samples up, in order; again, it does nothing twice. For staff. Throws AppError, the server's refusal. */
export async function putSamplesUp(language: "en" | "zh-CN", currency: string): Promise<void> {
  const unit = 10 ** decimalsOf(currency);
  for (const [index, { price, ...sample }] of SAMPLES[language].entries())
    await products.create(
      { ...sample, amount: price * unit, status: 0 },
      { idempotencyKey: `shop-sample-${index}` },
    );
}
