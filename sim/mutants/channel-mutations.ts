import type { Mutation } from "./mutation.ts";

const CHANNELS = "services/pay/channels";

const MISTAKES: readonly Mutation[] = [
  {
    name: "real-absent-taken-for-closed",
    harm: "a code that nobody has scanned yet can be paid for a payment that is closed",
    edits: [
      {
        file: "services/pay/attempt/ask-attempt.ts",
        find: 'if (trade.state === "absent" && !isPast(context, attempt)) return "open";',
        replace: "",
      },
    ],
  },
  {
    name: "real-alipay-trouble-taken-for-refusal",
    harm: "what Alipay has done in spite of its error is taken for not done",
    edits: [
      {
        file: `${CHANNELS}/alipay/refusal.ts`,
        find: "if (REFUSED.has(code) && !TROUBLE.test(reason))",
        replace: 'if (REFUSED.has(code) || code === "20000")',
      },
    ],
  },
  {
    name: "real-wechat-trouble-taken-for-refusal",
    harm: "what WeChat Pay has done in spite of its error is taken for not done",
    edits: [
      {
        file: `${CHANNELS}/wechat/wechat-client.ts`,
        find: "return status >= 400 && status < 500 && status !== 408 && status !== 429;",
        replace: "return status >= 400;",
      },
    ],
  },
  {
    name: "real-alipay-code-without-end",
    harm: "a code can be paid long after its payment was closed",
    edits: [
      {
        file: `${CHANNELS}/alipay/orders.ts`,
        find: "time_expire: chinaTime(expireAt),",
        replace: "time_expire: chinaTime(expireAt + 3_600_000),",
      },
    ],
  },
  {
    name: "real-alipay-refund-number-new-on-retry",
    harm: "a refund that is asked for again is made again",
    edits: [
      {
        file: `${CHANNELS}/alipay/refunds.ts`,
        find: `        refund_amount: yuanOf(amount),
        out_request_no: refundNo,`,
        replace: `        refund_amount: yuanOf(amount),
        out_request_no: \`\${refundNo}-\${Math.floor(call.deadline)}\`,`,
      },
      {
        file: `${CHANNELS}/alipay/refunds.ts`,
        find: "return isTold ? answer :",
        replace: "return !isTold ? answer :",
      },
    ],
  },
  {
    name: "real-stripe-key-new-on-every-send",
    harm: "a page or a refund whose answer was lost is made twice",
    edits: [
      {
        file: `${CHANNELS}/stripe/stripe-client.ts`,
        find: "const outcome = await this.#send(call, request);",
        replace:
          'const headers = { ...request.headers, "idempotency-key": String(this.#runtime.elapsed()) };\n      const outcome = await this.#send(call, { ...request, headers });',
      },
    ],
  },
  {
    name: "real-stripe-lost-opening-not-looked-for",
    harm: "a page whose making was not answered takes money for a payment that is closed",
    edits: [
      {
        file: `${CHANNELS}/stripe/find-trade.ts`,
        find: 'if (trade.channelRef !== "") return { kind: "yes", value: trade.channelRef };',
        replace: 'return { kind: "yes", value: trade.channelRef || undefined };',
      },
    ],
  },
  {
    name: "real-stripe-fee-booked-twice",
    harm: "the books have a fee with the receipt and once more after it",
    edits: [
      {
        file: "services/pay/receipt/record-success.ts",
        find: "const isToCome = fee === undefined && ",
        replace: "const isToCome = ",
      },
    ],
  },
  {
    name: "real-alipay-notify-of-another-app",
    harm: "whoever has an app of his own tells of payments by what Alipay has signed for it",
    edits: [
      {
        file: `${CHANNELS}/alipay/notify.ts`,
        find: 'if (app_id !== account.AppId) throw forged("is for another app");',
        replace: "",
      },
    ],
  },
  {
    name: "real-wechat-notify-of-another-merchant",
    harm: "another merchant's payment is taken for one of ours",
    edits: [
      {
        file: `${CHANNELS}/wechat/trades.ts`,
        find: "return appid === AppId && mchid === MchId;",
        replace: "return appid === AppId || mchid === MchId;",
      },
    ],
  },
  {
    name: "real-wechat-signature-not-checked",
    harm: "whoever knows the address of notifications tells what he likes",
    edits: [
      {
        file: `${CHANNELS}/wechat/verify.ts`,
        find: 'return verify("RSA-SHA256", signed, key, signature) ? undefined : "its signature does not fit";',
        replace: "return undefined;",
      },
    ],
  },
  {
    name: "real-returned-refund-not-booked",
    harm: "a buyer whose bank sent a refund back never gets it, and the books say that he has it",
    edits: [
      {
        file: "services/pay/refund/look-again.ts",
        find: `      await recordReturned(context, refund);
    return`,
        replace: `      return "known";
    return`,
      },
    ],
  },
  {
    name: "real-dispute-booked-from-its-first-word-only",
    harm: "what a bank gives back of a dispute that the shop won stands in no books",
    test: "services/pay/inbox/disputes.test.ts",
    edits: [
      {
        file: "services/pay/inbox/disputes.ts",
        find: "for (const move of moves.filter(({ moveNo }) => !known.has(moveNo)))",
        replace: "for (const move of moves.filter(() => known.size === 0))",
      },
    ],
  },
  {
    name: "real-dispute-event-behind-its-end",
    harm: "staff are told for ever of a dispute that is over",
    test: "services/pay/inbox/disputes.test.ts",
    edits: [
      {
        file: "services/pay/inbox/disputes.ts",
        find: "if (asked?.isOver ?? isSaidToBeOver)",
        replace: "if (isSaidToBeOver)",
      },
    ],
  },
  {
    name: "real-stripe-new-secret-not-taken",
    harm: "once Stripe has ended the old secret, whatever it tells is refused",
    edits: [
      {
        file: `${CHANNELS}/stripe/signature.ts`,
        find: "return secrets.some((secret) => {",
        replace: "return secrets.slice(0, 1).some((secret) => {",
      },
    ],
    test: `${CHANNELS}/stripe/notify.test.ts`,
  },
  {
    name: "real-keys-of-files-not-read-again",
    harm: "when a channel ends an old key, nothing is asked, paid back or heard of there until a restart",
    edits: [
      {
        file: `${CHANNELS}/accounts/live-keys.ts`,
        find: "if (version === this.#version) return;",
        replace: "return;",
      },
    ],
  },
  {
    name: "real-wechat-old-certificate-forgotten",
    harm: "what WeChat Pay signs by its old certificate is refused as soon as there is a new one",
    test: `${CHANNELS}/wechat/platform-keys.test.ts`,
    edits: [
      {
        file: `${CHANNELS}/wechat/platform-keys.ts`,
        find: "this.#certificates = await askForCertificates(this.#merchant, serial);",
        replace: "this.#certificates = (await askForCertificates(this.#merchant, serial)).slice(-1);",
      },
    ],
  },
  {
    name: "real-wechat-new-certificate-not-looked-for",
    harm: "what WeChat Pay signs by its new certificate is refused for hours",
    test: `${CHANNELS}/wechat/platform-keys.test.ts`,
    edits: [
      {
        file: `${CHANNELS}/wechat/platform-keys.ts`,
        find: "if (this.#asking !== undefined || this.#mayAsk()) await this.#ask();",
        replace: "if (this.#asking !== undefined) await this.#ask();",
      },
    ],
  },
  {
    name: "real-wechat-old-notify-taken",
    harm: "what was caught long ago can be sent again",
    edits: [
      {
        file: `${CHANNELS}/wechat/verify.ts`,
        find: "Math.abs(now - Number(timestamp) * 1000) > CLOCK_WINDOW_MS",
        replace: "Number(timestamp) < 0",
      },
    ],
  },
  {
    name: "real-wechat-close-believed-without-asking",
    harm: "a payment that came just before it was closed is taken for closed until somebody looks again",
    test: `${CHANNELS}/wechat/wechat-channel.test.ts`,
    edits: [
      {
        file: `${CHANNELS}/wechat/ask-trade.ts`,
        find: `  const asked = await queryTrade(desk, call, trade);
  if (asked.kind !== "yes") return asked;`,
        replace: `  const asked = { kind: "yes", value: { state: "closed" } } as Answer<TradeState>;
  if (asked.kind !== "yes") return asked;`,
      },
    ],
  },
  {
    name: "real-stripe-currency-not-compared",
    harm: "a trade that Stripe opened in another currency is given to the buyer",
    test: `${CHANNELS}/stripe/stripe-channel.test.ts`,
    edits: [
      {
        file: `${CHANNELS}/stripe/open-trade.ts`,
        find: "if (made !== amount || trade.currency !== currency)",
        replace: "if (made !== amount)",
      },
    ],
  },
];

/** Mistakes about Alipay, WeChat Pay and Stripe. */
export const CHANNEL_MUTATIONS = MISTAKES.map((mistake) => ({ ...mistake, withRealChannels: true }));
