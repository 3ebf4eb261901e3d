import type { Fault as BankFault, FaultName } from "@mall/pay/sandbox/bank";
import type { Fault, FaultKind, Faults } from "../faults/index.ts";

/** How long a bank takes for what is late, virtual milliseconds. */
const LATE_MS = [50, 20_000] as const;

/** What goes wrong when a bank has something to tell, the first that strikes. */
const TELLING: readonly (readonly [FaultKind, FaultName])[] = [
  ["notifyLost", "notify.lost"],
  ["notifyLate", "notify.late"],
  ["notifyDoubled", "notify.doubled"],
  ["notifyReordered", "notify.reordered"],
  ["notifyTampered", "notify.tampered"],
  ["notifyStale", "notify.stale"],
  ["notifyWrongAmount", "notify.wrong-amount"],
  ["notifyWrongCurrency", "notify.wrong-currency"],
];

const REFUNDING: readonly (readonly [FaultKind, FaultName])[] = [
  ["refundRefused", "refund.refused"],
  ["refundFailed", "refund.failed"],
  ["refundProcessing", "refund.processing"],
];

/** What is to go wrong at a bank that does something with a trade now. */
export function drawBankFaults(
  faults: Faults,
  bank: string,
  outTradeNo: string,
  operation: string,
): BankFault[] {
  const planned: BankFault[] = [];
  const plan = (kinds: readonly (readonly [FaultKind, FaultName])[]): void => {
    for (const [kind, fault] of kinds) {
      const struck = faults.strikes(kind, bank);
      if (struck === undefined) continue;
      planned.push({ fault, outTradeNo, ms: struck.random.int(...LATE_MS) });
      return;
    }
  };
  plan(TELLING);
  if (operation === "refund") plan(REFUNDING);
  const error = faults.strikes("bankError", bank);
  if (error !== undefined && operation !== "pay")
    planned.push({ fault: errorOf(error, operation), outTradeNo });
  return planned;
}

function errorOf(fault: Fault, operation: string): FaultName {
  // The operations that come here are those of the bank's protocol.
  return `${operation}.error-${fault.random.chance(0.7) ? "after" : "before"}` as FaultName;
}
