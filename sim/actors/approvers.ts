import type { Identity } from "@mall/kit/call";
import type { Act, ActionContext, OpenApproval } from "./action.ts";
import { ask } from "./ask.ts";
import { SECOND, STAFF, THIRD } from "./people.ts";

const APPROVE = "POST /api/pay/approval/approve";
const REJECT = "POST /api/pay/approval/reject";
/** How often somebody looks whether anything waits, and between how many virtual milliseconds. */
const LOOKS_MAX = 25;
const PAUSE_MS = [10, 4_000] as const;
/** Within which time two decide about the same, virtual milliseconds. */
const HURRY_MS = 6;
const APPROVALS = 0.8;

/** What approving gives back of what became of it. */
interface Told {
  readonly act: string;
  readonly payId: number;
  readonly refundNo: string;
  readonly amount: number;
}

/** A second person decides about what somebody else wants. */
export const decide: Act = async (context) => {
  const approval = await findOpen(context);
  if (approval !== undefined) await decideAs(context, SECOND, approval);
};

/** Two decide about the same at once. */
export const decideAtOnce: Act = async (context) => {
  const { random } = context;
  const approval = await findOpen(context);
  if (approval === undefined) return;
  await Promise.all(
    [SECOND, THIRD].map(async (identity) => {
      await context.pause(random.float() * HURRY_MS);
      await decideAs(context, identity, approval);
    }),
  );
};

/** Who wants the money moved approves it themselves, or a customer does, and neither is to be let. */
export const decideOwn: Act = async (context) => {
  const { account, customer, random } = context;
  const approval = await findOpen(context);
  if (approval === undefined) return;
  const identity = random.pick([STAFF, STAFF, customer.identity]);
  const body = { id: approval.id };
  const told = await ask(context, { route: APPROVE, identity, body, attempts: random.int(1, 3) });
  if (told.kind === "yes")
    account.wrong.push(`${context.id}: user ${identity.uid} approved what is their own`);
};

async function findOpen({ waiting, random, pause }: ActionContext): Promise<OpenApproval | undefined> {
  for (let look = 1; look <= LOOKS_MAX; look += 1) {
    const open = waiting.approvals();
    if (open.length > 0) return random.pick(open);
    await pause(random.logInt(...PAUSE_MS));
  }
  return undefined;
}

async function decideAs(context: ActionContext, identity: Identity, { id }: OpenApproval): Promise<void> {
  const { account, random } = context;
  const isApproved = random.chance(APPROVALS);
  const told = await ask<Told>(context, {
    ...{ route: isApproved ? APPROVE : REJECT, identity, attempts: random.int(1, 4) },
    body: isApproved ? { id } : { id, reason: "no" },
    key: random.chance(0.5) ? `${context.id}-${identity.uid}` : undefined,
  });
  if (!isApproved || told.kind !== "yes" || told.value.act !== "refund") return;
  const { payId, refundNo, amount } = told.value;
  account.refunds.push({ id: payId, refundNo, amount });
}
