import { AppError } from "@mall/kit/errors";
import type { DetailResponse as Product } from "@mall/product/api";
import { newKey } from "../../shared/new-key.ts";
import { orders, pay } from "./clients.ts";
import { paymentLink } from "./payment-link.ts";

/** The longest that the cashier takes, characters. */
const SUBJECT_LENGTH_MAX = 120;

/** One purchase of one piece. Asked for again, as after an answer that was lost, it is the same order and payment. */
export class Purchase {
  readonly #key = newKey();

  /**
   * Orders the piece, opens its payment, and gives the address to pay it at.
   *
   * @throws AppError the server's refusal.
   */
  async begin({ id: pid, name, amount }: Product, uid: number): Promise<string> {
    const order = await orders.create({ uid, pid, amount }, { idempotencyKey: `${this.#key}-order` });
    return this.open({ oid: order.id, amount, name }, uid);
  }

  /** The same for an order that there is, and that has no payment yet. */
  async open(
    { oid, amount, name }: { readonly oid: number; readonly amount: number; readonly name: string },
    uid: number,
  ): Promise<string> {
    const opened = await pay.create({ uid, oid, amount }, { idempotencyKey: `${this.#key}-pay` });
    return paymentLink(opened.id, subjectOf(name));
  }
}

/** A product's name as the cashier takes it. */
export function subjectOf(name: string): string {
  return [...name].slice(0, SUBJECT_LENGTH_MAX).join("");
}

/** Whether an act was refused for good, so that trying again is another act; else nobody knows whether it was done. */
export function isRefused(error: unknown): boolean {
  return (
    error instanceof AppError &&
    !["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "UNKNOWN", "CANCELLED"].includes(error.code)
  );
}
