import type { Mutation } from "./mutation.ts";

/** Mistakes about refunds and notifications. */
export const REFUND_MUTATIONS: readonly Mutation[] = [
  {
    name: "refund-without-limit",
    harm: "more goes back than came",
    edits: [
      {
        file: "services/pay/model/pay-model.ts",
        find: '"<=", limit)',
        replace: '"<=", limit * 1_000)',
      },
    ],
  },
  {
    name: "refund-reserved-after-the-channel-was-asked",
    harm: "two refunds at once together exceed what came",
    edits: [
      {
        file: "services/pay/refund/begin-refund.ts",
        find: "{ amount: refund.amount, limit });",
        replace: "{ amount: 0 * refund.amount, limit });",
      },
      {
        file: "services/pay/refund/finish-refund.ts",
        find: `refundedAmount = pay.refundedAmount + refund.amount;
  const refundingAmount = pay.refundingAmount - refund.amount;`,
        replace: `refundedAmount = pay.refundedAmount + refund.amount;
  const refundingAmount = pay.refundingAmount;`,
      },
    ],
  },
  {
    name: "refund-asked-under-another-number",
    harm: "a refund that is asked for again is made again",
    edits: [
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: "return channel.refund(call, { trade, refundNo, amount, currency, total });",
        replace:
          "return channel.refund(call, { trade, refundNo: String(call.deadline), amount, currency, total });",
      },
    ],
  },
  {
    name: "failed-refund-keeps-its-share",
    harm: "money that did not go back can never go back",
    edits: [
      {
        file: "services/pay/refund/fail-refund.ts",
        find: "await mustMove(payModel.change(tx, pay, { refundingAmount }));\n  await jobs",
        replace:
          "await mustMove(payModel.change(tx, pay, { refundingAmount: refundingAmount + refund.amount }));\n  await jobs",
      },
    ],
  },
  {
    name: "unknown-refund-taken-for-failed",
    harm: "money went back that the books still have",
    edits: [
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: 'if (answer.kind === "unknown") throw channelUnavailable(attempt.channel, answer.cause);',
        replace: 'if (answer.kind === "unknown") return follow(context, refund, { state: "failed" });',
      },
    ],
  },
  {
    name: "refusal-believed-at-once",
    harm: "an earlier request for a refund arrives after its refusal was believed",
    test: "services/pay/refund/look-again.test.ts",
    edits: [
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: "await recordRefundRefused(context, refund,",
        replace: "await recordRefundFailed(context, refund,",
      },
    ],
  },
  {
    name: "refusal-believed-once-the-channel-knows-nothing",
    harm: "an earlier request for a refund is still under way when the channel is asked about it",
    test: "services/pay/refund/look-again.test.ts",
    edits: [
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: "if (!wasRefused(refund) || !isOver(context, refund))",
        replace: "if (!wasRefused(refund))",
      },
    ],
  },
  {
    name: "refused-refund-never-looked-at-again",
    harm: "a refund that was refused and made after all stands in no books, or is made by hand once more",
    test: "services/pay/refund/look-again.test.ts",
    edits: [
      {
        file: "services/pay/refund/look-again.ts",
        find: 'if (state === "succeeded") return recordRefunded(context, refund, channelRefundNo);',
        replace: "",
      },
    ],
  },
  {
    name: "refused-refund-made-beyond-what-is-left",
    harm: "a refund that was made after all is booked beside others that have its money",
    test: "services/pay/refund/look-again.test.ts",
    edits: [
      {
        file: "services/pay/refund/reserve-anew.ts",
        find: "if (left < refund.amount) return undefined;",
        replace: "if (left < refund.amount) return lockRefund(context, tx, refund);",
      },
    ],
  },
  {
    name: "refund-unknown-to-the-channel-taken-for-failed",
    harm: "a refund is given up whose request is still under way",
    edits: [
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: "if (!isLost) return answer;",
        replace: "if (!isLost || refund.amount > 0) return answer;",
      },
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: "if (!wasRefused(refund) || !isOver(context, refund))",
        replace: "if (wasRefused(refund) && !isOver(context, refund))",
      },
    ],
  },
  {
    name: "lost-refund-not-asked-for-again",
    harm: "a refund whose request did not arrive is under way for ever",
    edits: [
      {
        file: "services/pay/refund/pursue-refund.ts",
        find: "if (!isLost) return answer;",
        replace: "if (!isLost || refund.amount > 0) return answer;",
      },
    ],
  },
  {
    name: "any-refund-settled-by-hand",
    harm: "the books say what somebody said of a refund that its channel is making",
    edits: [
      {
        file: "services/pay/refund/settle-refund.ts",
        find: "if (state !== REFUND_STATE.byHand && !isGone) throw refundNotByHand();",
        replace:
          "if (state === REFUND_STATE.succeeded || state === REFUND_STATE.failed) throw refundNotByHand();",
      },
    ],
  },
  {
    name: "order-not-told-of-its-refund",
    harm: "all money went back and the order is paid",
    edits: [
      {
        file: "services/pay/refund/finish-refund.ts",
        find: "if (isAll) await jobs.orderRefunded(tx, pay.id);",
        replace: "if (isAll && jobs === undefined) return;",
      },
    ],
  },
  {
    name: "rest-kept-when-a-refund-fails",
    harm: "a part of what came for an order that cannot be had is kept",
    edits: [
      {
        file: "services/pay/refund/fail-refund.ts",
        find: "await mustMove(payModel.change(tx, pay, { refundingAmount }));\n  await jobs.orderPaid(tx, pay.id, `",
        replace:
          "await mustMove(payModel.change(tx, pay, { refundingAmount }));\n  if (jobs === undefined) await jobs.orderPaid(tx, pay.id, `",
      },
    ],
  },
  {
    name: "rests-share-one-number",
    harm: "what a second refund that came to nothing leaves of a lost order is kept",
    edits: [
      {
        file: "services/pay/refund/give-back-rest.ts",
        find: 'earlier.length === 0 ? "" :',
        replace: 'earlier.length >= 0 ? "" :',
      },
    ],
  },
  {
    name: "lost-order-tried-again",
    harm: "an order is paid whose money goes back because it could not be had",
    edits: [
      {
        file: "services/pay/orders/order-paid.ts",
        find: 'const told = isGone ? "gone"',
        replace: 'const told = isGone && pay.amount < 0 ? "gone"',
      },
    ],
  },
  {
    name: "lost-order-taken-for-a-new-one",
    harm: "an order is paid whose money goes back, because whoever tells it anew does not look",
    edits: [
      {
        file: "services/pay/orders/order-paid.ts",
        find: "return after === undefined && job?.attempts === 1;",
        replace: "return after !== undefined || job?.attempts === 1;",
      },
    ],
  },
  {
    name: "refund-not-in-the-books",
    harm: "the ledger does not say what went back",
    edits: [
      {
        file: "services/pay/refund/finish-refund.ts",
        find: "  await bookRefund(context, tx, reserved);\n",
        replace: '  if (bookRefund === undefined) return "known";\n',
      },
    ],
  },
  {
    name: "notification-acknowledged-before-it-is-stored",
    harm: "a crash loses what the channel will not send again",
    edits: [
      {
        file: "services/pay/rpc/logic/notify.ts",
        find: "  await storeNotify(",
        replace: "  void storeNotify(",
      },
    ],
  },
  {
    name: "notification-stored-without-its-job",
    harm: "a crash leaves a notification that nobody acts on",
    edits: [
      {
        file: "services/pay/inbox/notifications.ts",
        find: "    await database.share(async (tx) => {\n      const notifyId = await notifyModel.insert(row, tx);",
        replace:
          "    const notifyId = await notifyModel.insert(row);\n    await database.share(async (tx) => {",
      },
    ],
  },
  {
    name: "notifications-told-apart-by-their-trade",
    harm: "what a channel says of a refund is taken for what it said of the payment, and acknowledged",
    edits: [
      {
        file: "services/pay/inbox/notifications.ts",
        find: "const { eventKey } = parsed;",
        replace: "const { outTradeNo: eventKey } = parsed;",
      },
    ],
  },
  {
    name: "notification-believed",
    harm: "the books say what a notification said, not what was paid",
    edits: [
      {
        file: "services/pay/inbox/notifications.ts",
        find: "await jobs.notify(tx, { notifyId, channel, ...about });",
        replace: "await jobs.notify(tx, { notifyId, channel, ...about, hint: parsed.hint } as never);",
      },
      {
        file: "services/pay/inbox/notifications.ts",
        find: "return { channel, kind, subject, ...(disputeNo !== undefined && { disputeNo }) };",
        replace: "return payload as never;",
      },
      {
        file: "services/pay/inbox/notifications.ts",
        find: "{ channel, subject }: NotifySubject,\n  processed",
        replace: "{ channel, subject, ...more }: NotifySubject,\n  processed",
      },
      {
        file: "services/pay/inbox/notifications.ts",
        find: 'import type { Also } from "../receipt/record-success.ts";',
        replace: 'import { type Also, recordSuccess } from "../receipt/record-success.ts";',
      },
      {
        file: "services/pay/inbox/notifications.ts",
        find: '  if (hasMoney(attempt.state)) return "ours";',
        replace: `  if (hasMoney(attempt.state)) return "ours";
  const { hint } = more as never as { hint: Parameters<typeof recordSuccess>[2] & { state: string } };
  if (hint.state === "paid") return (await recordSuccess(context, attempt, hint, processed)) && "marked";`,
      },
    ],
  },
];
