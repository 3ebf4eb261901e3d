import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { liveKeys } from "../accounts/live-keys.ts";
import { endOfKeys, validKeys } from "../accounts/valid-keys.ts";
import type { Channel } from "../channel.ts";
import { PAY_SOURCE } from "../pay-source.ts";
import { BILL_READY_MS, readBill } from "./bill.ts";
import { closeTrade } from "./close-trade.ts";
import { type StripeAccount, stripeKeys } from "./config.ts";
import { findDispute } from "./disputes.ts";
import { findTrade, followed } from "./find-trade.ts";
import { readNotify } from "./notify.ts";
import { openTrade } from "./open-trade.ts";
import { findRefund, makeRefund } from "./refunds.ts";
import { StripeClient } from "./stripe-client.ts";
import { stateOf } from "./trade.ts";

/**
 * An account at Stripe as a channel.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if it has no keys.
 */
export function createStripeChannel(
  account: StripeAccount,
  outside: { readonly runtime: Runtime; readonly http: HttpTransport; readonly log: Logger },
): Channel {
  const { Name: name, Gateway: gateway } = account;
  const { now } = outside.runtime;
  const keys = liveKeys(name, account, { schema: stripeKeys, outside });
  const client = new StripeClient({ gateway, keys }, outside);
  return {
    name,
    source: PAY_SOURCE.stripe,
    keysEndAt: () => endOfKeys(keys.current().SecretKeys, keys.current().WebhookSecrets),
    tellsFeesLater: true,
    products: ["checkout", "intent"],
    prepay: (call, attempt) => openTrade(client, call, { attempt, urls: account, now: now() }),
    query: async (call, trade) =>
      followed(await findTrade(client, call, trade), (found) =>
        found === undefined ? { state: "absent" } : stateOf(found),
      ),
    close: (call, trade) => closeTrade(client, call, { trade, now: now() }),
    refund: (call, refund) => makeRefund(client, call, refund),
    queryRefund: (call, refund) => findRefund(client, call, refund),
    queryDispute: (call, disputeNo) => findDispute(client, call, disputeNo),
    bills: {
      merchant: `stripe ${name}`,
      aheadMs: 0,
      readyMs: BILL_READY_MS,
      read: (call, asked) => readBill(client, call, asked),
    },
    parseNotify: async (_call, notify, at) => {
      const secrets = validKeys(keys.current().WebhookSecrets, at).map(({ Secret }) => Secret);
      return readNotify(notify, { secrets, isLive: client.isLive, now: at });
    },
    notifyReply: () => ({ status: 200, contentType: "application/json", body: '{"received":true}' }),
  };
}
