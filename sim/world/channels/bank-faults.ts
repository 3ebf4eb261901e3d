import type { Fault, FaultName } from "@mall/channel-sim/bank";
import type { FaultKind, Faults, Fault as Struck } from "../../faults/index.ts";
import type { BankName } from "./accounts.ts";

/** How long a bank takes for what is late, virtual milliseconds. */
const LATE_MS = [50, 20_000] as const;
/** Longer than any adapter waits. */
const HANG_MS = 30_000;
/** How far a clock is off: within what is taken, and far beyond, whatever the clocks of the mall do. */
const CLOCKS_OFF_MS = [100_000, 600_000] as const;
/** From here on nobody may take what a clock signs that is off. */
export const CLOCK_OFF_MS_MAX = CLOCKS_OFF_MS[1];

type Choice = readonly [FaultKind, readonly FaultName[]];

/** What goes wrong when a bank has something to tell, the first that strikes. */
const TELLING: readonly Choice[] = [
  ["notifyLost", ["notify.lost"]],
  ["notifyLate", ["notify.late"]],
  ["notifyDoubled", ["notify.doubled"]],
  ["notifyReordered", ["notify.reordered"]],
  ["notifyTampered", ["notify.tampered"]],
  ["notifyStale", ["notify.clock-old", "notify.clock-ahead"]],
  ["notifyWrongAmount", ["notify.amount"]],
  ["notifyWrongCurrency", ["notify.currency"]],
  [
    "notifyFalse",
    ["notify.unsigned", "notify.wrong-signature", "notify.unknown-serial", "notify.app", "notify.merchant"],
  ],
];

const REFUNDING: readonly Choice[] = [
  ["refundRefused", ["refund.refused"]],
  ["refundProcessing", ["refund.slow"]],
];

/** Of which Stripe alone tells. */
const RETURNING: readonly Choice[] = [["refundReturned", ["refund.returned"]]];

/** One that has failed waits at WeChat Pay for somebody, and nobody comes there. */
const FAILING: readonly Choice[] = [["refundFailed", ["refund.abnormal"]]];

const CLOSING: readonly Choice[] = [["closeLoses", ["close.loses"]]];

/** What becomes of an answer. Of amounts a bank says the truth, but where it repeats what it was asked for. */
const ANSWERING: readonly Choice[] = [
  ["bankError", ["answer.error-before", "answer.error-after", "answer.error-after"]],
  [
    "answerBroken",
    ["answer.html", "answer.half", "answer.slow", "answer.timeout-before", "answer.timeout-after"],
  ],
  [
    "answerFalse",
    [
      ...["answer.unsigned", "answer.wrong-signature", "answer.unknown-serial", "answer.clock-old"],
      ...["answer.clock-ahead", "answer.app", "answer.merchant"],
    ] as const satisfies readonly FaultName[],
  ],
  ["rateLimited", ["answer.rate-limited"]],
];
const REFUND_ANSWERING: readonly Choice[] = [["answerFalse", ["answer.amount", "answer.currency"]]];

/** What a buyer or the mall does at a bank. */
export type BankOperation = "pay" | "close" | "refund" | "other";

/** What is to go wrong at a bank at which something is done now. */
export function drawChannelFaults(faults: Faults, bank: BankName, operation: BankOperation): Fault[] {
  const draw = (choices: readonly Choice[]): Fault[] => drawFirst(faults, bank, choices);
  if (operation === "pay") return draw(TELLING);
  const ofMoney = operation === "refund" ? [...draw(TELLING), ...draw(refundsOf(bank))] : [];
  const answering = operation === "refund" ? [...REFUND_ANSWERING, ...ANSWERING] : ANSWERING;
  return [...ofMoney, ...(operation === "close" ? draw(CLOSING) : []), ...draw(answering)];
}

function refundsOf(bank: BankName): readonly Choice[] {
  if (bank === "wechat") return REFUNDING;
  return [...(bank === "stripe" ? RETURNING : []), ...REFUNDING, ...FAILING];
}

function drawFirst(faults: Faults, channel: BankName, choices: readonly Choice[]): Fault[] {
  for (const [kind, names] of choices) {
    const struck = faults.strikes(kind, `bank-${channel}`);
    if (struck === undefined) continue;
    const fault = struck.random.pick(names);
    return [{ fault, channel, ms: msOf(fault, struck) }];
  }
  return [];
}

function msOf(fault: FaultName, { random }: Struck): number {
  if (fault.includes(".clock-")) return random.pick(CLOCKS_OFF_MS);
  return fault.startsWith("answer.timeout") ? HANG_MS : random.int(...LATE_MS);
}
