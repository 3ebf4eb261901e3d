import type { Database, Transaction } from "@mall/kit/store";
import {
  createPayApprovalModelGen,
  type PayApprovalModelGen,
  type PayApprovalRow,
} from "./gen/pay-approval-model.ts";

export type { PayApprovalRow } from "./gen/pay-approval-model.ts";

/** States of what waits for a second person; only an open one changes. */
export const APPROVAL_STATE = {
  open: 0,
  /** And done, in the same transaction. */
  approved: 1,
  rejected: 2,
  /** Nobody decided in time; written down when the next is asked for, and told from its end on. */
  expired: 3,
} as const;

/** Which to list; what is left out does not matter. */
interface ApprovalPage {
  readonly payId?: number | undefined;
  readonly state?: number | undefined;
  /** Only those with a smaller id: the next page of a list. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** How one ends. */
interface Decision {
  readonly state: number;
  readonly decidedBy?: string;
  readonly decidedReason?: string;
}

export interface PayApprovalModel extends PayApprovalModelGen {
  /** The one that waits about a payment, also where its time is over. */
  findOpen(payId: number, tx: Transaction): Promise<PayApprovalRow | undefined>;
  /** The newest first; by how they stand now. */
  findPage(page: ApprovalPage): Promise<PayApprovalRow[]>;
  /** Ends an open one; false where it has ended meanwhile. */
  end(tx: Transaction, id: number, decision: Decision): Promise<boolean>;
}

export function createPayApprovalModel(database: Database): PayApprovalModel {
  const model = createPayApprovalModelGen(database);
  const { runtime } = database;
  return {
    ...model,
    findOpen: async (payId, tx) => {
      const [open] = await model.findMany((query) => query.where("open_of", "=", payId), tx);
      return open;
    },
    findPage: ({ payId, state, before, limit }) =>
      model.findMany((query) => {
        let chosen = query.orderBy("id", "desc").limit(limit);
        if (payId !== undefined) chosen = chosen.where("pay_id", "=", payId);
        if (before !== undefined) chosen = chosen.where("id", "<", before);
        if (state === undefined) return chosen;
        const { open, expired } = APPROVAL_STATE;
        if (state === open) return chosen.where("state", "=", open).where("expires_at", ">", runtime.now());
        if (state === expired)
          return chosen.where("state", "in", [open, expired]).where("expires_at", "<=", runtime.now());
        return chosen.where("state", "=", state);
      }),
    end: (tx, id, { state, decidedBy = "", decidedReason = "" }) => {
      const changes = { state, decidedBy, decidedReason, decidedAt: runtime.now(), openOf: null };
      return model.update(id, changes, { expect: { state: APPROVAL_STATE.open }, tx });
    },
  };
}

/** How one stands at a moment: an open one whose time is over has expired. */
export function approvalState({ state, expiresAt }: PayApprovalRow, now: number): number {
  return state === APPROVAL_STATE.open && expiresAt <= now ? APPROVAL_STATE.expired : state;
}
