import type { Observer } from "@mall/kit/observe";

/** What the pay service counts; amounts in fen. */
export interface PayMetrics {
  /** A payment was opened. */
  created(amount: number): void;
  /** A payment's success on a source was recorded. */
  succeeded(source: number, amount: number): void;
  /** A refund was made, for a cause of REFUND_CAUSE. */
  refunded(cause: string, amount: number): void;
}

export function createPayMetrics(observer: Observer): PayMetrics {
  const created = observer.counter({
    name: "mall_payments_created_total",
    help: "Payments that were opened.",
    labels: [],
  });
  const createdFen = observer.counter({
    name: "mall_payments_created_fen_total",
    help: "Amount of the payments that were opened, fen.",
    labels: [],
  });
  const succeeded = observer.counter({
    name: "mall_payments_succeeded_total",
    help: "Payments that succeeded, by source.",
    labels: ["source"],
  });
  const succeededFen = observer.counter({
    name: "mall_payments_succeeded_fen_total",
    help: "Amount of the payments that succeeded, by source, fen.",
    labels: ["source"],
  });
  const refunded = observer.counter({
    name: "mall_refunds_succeeded_total",
    help: "Refunds that were made, by cause.",
    labels: ["cause"],
  });
  const refundedFen = observer.counter({
    name: "mall_refunds_succeeded_fen_total",
    help: "Amount of the refunds that were made, by cause, fen.",
    labels: ["cause"],
  });
  return {
    refunded: (cause, amount) => {
      refunded.add(1, cause);
      refundedFen.add(amount, cause);
    },
    created: (amount) => {
      created.add(1);
      createdFen.add(amount);
    },
    succeeded: (source, amount) => {
      succeeded.add(1, String(source));
      succeededFen.add(amount, String(source));
    },
  };
}
