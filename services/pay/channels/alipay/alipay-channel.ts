import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { liveKeys } from "../accounts/live-keys.ts";
import { CHINA_AHEAD_MS } from "../bills/bill-day.ts";
import type { Channel, PayProduct } from "../channel.ts";
import { PAY_SOURCE } from "../pay-source.ts";
import { AlipayClient } from "./alipay-client.ts";
import { BILL_READY_MS, readBill } from "./bill.ts";
import type { AlipayAccount } from "./config.ts";
import { Gateway } from "./gateway.ts";
import { KeyRing } from "./key-ring.ts";
import { alipayKeys } from "./keys-config.ts";
import { readNotify } from "./notify.ts";
import { Prepays } from "./prepays.ts";
import { Refunds } from "./refunds.ts";
import { TheirKeys } from "./their-keys.ts";
import { Trades } from "./trades.ts";

interface Outside {
  readonly runtime: Pick<Runtime, "now">;
  readonly http: HttpTransport;
  readonly log: Logger;
}

/**
 * One account at Alipay (OpenAPI, RSA2) as a channel.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if its keys cannot be used.
 */
export function createAlipayChannel(account: AlipayAccount, outside: Outside): Channel {
  const ring = new KeyRing(account.Name, liveKeys(account.Name, account, { schema: alipayKeys, outside }));
  const gateway = new Gateway(account, ring, outside);
  const theirs = new TheirKeys(ring, gateway, outside.runtime);
  const client = new AlipayClient(gateway, theirs);
  const prepays = new Prepays(account, gateway, client);
  const trades = new Trades(client, outside.runtime);
  const refunds = new Refunds(client);
  return {
    name: account.Name,
    source: PAY_SOURCE.alipay,
    notifyUrl: account.NotifyUrl,
    keysEndAt: () => ring.endAt(),
    currency: "CNY",
    products: productsOf(account),
    prepay: (call, attempt) => prepays.open(call, attempt),
    query: (call, trade) => trades.query(call, trade),
    close: (call, trade) => trades.close(call, trade),
    refund: (call, refund) => refunds.make(call, refund),
    queryRefund: (call, refund) => refunds.query(call, refund),
    bills: {
      merchant: `alipay ${account.SellerId ?? account.Name}`,
      aheadMs: CHINA_AHEAD_MS,
      readyMs: BILL_READY_MS,
      read: (call, asked) => readBill(client, call, asked),
    },
    parseNotify: (call, notify, now) => readNotify(call, notify, now, { account, theirs }),
    // Exactly these seven letters; Alipay repeats the notification after any other answer.
    notifyReply: () => ({ status: 200, contentType: "text/plain; charset=utf-8", body: "success" }),
  };
}

function productsOf({ Products: [first = "qr", ...others] }: AlipayAccount): [PayProduct, ...PayProduct[]] {
  return [first, ...others];
}
