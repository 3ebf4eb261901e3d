import type { Mutation } from "./mutation.ts";

/** Mistakes about payments. */
export const PAY_MUTATIONS: readonly Mutation[] = [
  {
    name: "pay-without-unique-order",
    harm: "an order has several payments",
    edits: [
      {
        file: "services/pay/model/gen/migrations.ts",
        find: '"CREATE UNIQUE INDEX IF NOT EXISTS \\"pay_idx_oid_unique\\" ON \\"pay\\" (\\"oid\\")"',
        replace: '"SELECT 1"',
      },
    ],
  },
  {
    name: "order-not-told",
    harm: "a payment is paid and its order is not",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "return isPaid ? {} : { told: await announcePaid(tx, id, after) };",
        replace: "return isPaid || amount >= 0 ? {} : { told: await announcePaid(tx, id, after) };",
      },
    ],
  },
  {
    name: "closed-here-while-the-channel-is-open",
    harm: "a payment that is closed takes money",
    edits: [
      {
        file: "services/pay/intent/close.ts",
        find: "if ((await attemptModel.findOpen(pay.id, tx)).length > 0) return false;",
        replace: "if ((await attemptModel.findOpen(pay.id, tx)).length < 0) return false;",
      },
    ],
  },
  {
    name: "closed-without-the-channel",
    harm: "an attempt that is closed takes money",
    edits: [
      {
        file: "services/pay/attempt/ask-attempt.ts",
        find: "const trade = demandAnswer(channel, await channel.close(call, tradeOf(attempt)));",
        replace: 'const trade = { state: "closed" };',
      },
    ],
  },
  {
    name: "unknown-to-the-channel-taken-for-closed",
    harm: "an attempt is given up whose request is still under way",
    edits: [
      {
        file: "services/pay/attempt/ask-attempt.ts",
        find: '      // A channel may not know a number yet, and still open it when our request arrives.\n      return "open";',
        replace:
          '      if (trade.state === "open") return "open";\n      await recordClosed(context, attempt);\n      return "closed";',
      },
    ],
  },
  {
    name: "never-asked-about",
    harm: "a success whose notification is lost is never found",
    edits: [
      {
        file: "services/pay/attempt/begin-attempt.ts",
        find: "  await context.jobs.queryAttempt(tx, attempt);\n",
        replace: "",
      },
    ],
  },
  {
    name: "late-money-not-looked-for",
    harm: "money that came while the attempt was closed is never found",
    edits: [
      {
        file: "services/pay/attempt/query-attempt.ts",
        find: "if (attempt.state === ATTEMPT_STATE.closed) return lookBack(context, call, attempt);",
        replace: "if (attempt.state === ATTEMPT_STATE.closed && lookBack !== undefined) return undefined;",
      },
    ],
  },
  {
    name: "late-money-ignored",
    harm: "money for an attempt that was closed is nobody's",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "if (hasMoney(attempt.state)) return",
        replace: "if (hasMoney(attempt.state) || attempt.state === ATTEMPT_STATE.closed) return",
      },
    ],
  },
  {
    name: "unknown-prepay-taken-for-refused",
    harm: "an attempt is given up that the channel has opened",
    edits: [
      {
        file: "services/pay/rpc/logic/prepay.ts",
        find: "    await recordLost(context, attempt);",
        replace:
          '    await recordRefused(context, attempt, { reason: "LOST", message: String(recordLost.name) });',
      },
    ],
  },
  {
    name: "payments-never-end",
    harm: "a payment that nobody pays stays open for ever",
    edits: [
      {
        file: "services/pay/intent/close.ts",
        find: "!isDue(pay, runtime.now())",
        replace: "!isDue(pay, 0 * runtime.now())",
      },
    ],
  },
  {
    name: "no-surplus-refund",
    harm: "who pays twice has paid twice",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "  await returnMoney(context, tx, attempt, REFUND_CAUSE.surplus);\n  return",
        replace: "  return",
      },
    ],
  },
  {
    name: "any-amount-taken",
    harm: "an order is had for less than it costs",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "const matches = receipt.amount === attempt.amount && receipt.amount === pay.amount;",
        replace: "const matches = receipt.amount > 0;",
      },
    ],
  },
  {
    name: "success-not-in-the-books",
    harm: "the ledger does not say what was paid",
    edits: [
      {
        file: "services/pay/receipt/take-money.ts",
        find: "  await bookReceipt(context, tx, { pay, attempt }, { receipt, account: ACCOUNT.sales });\n",
        replace: "",
      },
    ],
  },
  {
    name: "money-for-a-lost-order-kept",
    harm: "an order that cannot be had costs all the same",
    edits: [
      {
        file: "services/pay/orders/order-paid.ts",
        find: 'if (told === "gone") await giveBackRest',
        replace: 'if (told === "gone" && isGone) await giveBackRest',
      },
    ],
  },
];
