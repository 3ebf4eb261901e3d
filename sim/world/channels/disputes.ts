import { type ChannelSimulator, Refusal } from "@mall/channel-sim/bank";
import type { Kernel, Random } from "../../kernel/index.ts";

/** A buyer thinks better of a payment so long after it, virtual milliseconds. */
const AFTER_MS = [0, 15_000] as const;
/** And the bank takes so long to decide. */
const DECIDED_MS = [0, 20_000] as const;
const INQUIRIES = 0.15;
/** Of the others, those that ask for a part only, those that are never decided, and those that the shop wins. */
const PARTS = 0.3;
const OPEN = 0.15;
const WON = 0.5;

/** Has the buyer of a trade of Stripe's that was paid ask the bank for the money back, and the bank decide. */
export async function disputeLater(
  kernel: Kernel,
  simulator: ChannelSimulator,
  { trade, amount, random }: { readonly trade: string; readonly amount: number; readonly random: Random },
): Promise<void> {
  await kernel.pause(random.int(...AFTER_MS));
  const kind = random.chance(INQUIRIES) ? "inquiry" : "dispute";
  const asked = random.chance(PARTS)
    ? ({ kind, amount: random.int(1, amount) } as const)
    : ({ kind } as const);
  try {
    const dispute = await simulator.dispute(trade, asked);
    kernel.log("bank-stripe", `${kind} ${dispute} of ${trade}`);
    if (random.chance(OPEN)) return;
    await kernel.pause(random.int(...DECIDED_MS));
    const outcome = random.chance(WON) ? "won" : "lost";
    await simulator.endDispute(dispute, outcome);
    kernel.log("bank-stripe", `${dispute} is ${outcome}`);
  } catch (error) {
    // It was disputed before.
    if (!(error instanceof Refusal)) throw error;
  }
}
