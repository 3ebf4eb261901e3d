import type { SimCore } from "./sim-core.ts";

/** How the lines of a channel's bill are spoilt. */
interface Bill<Line> {
  readonly channel: string;
  /** By which a fault may name a line; at Stripe, the PaymentIntent. */
  outTradeNoOf(line: Line): string;
  /** The line with another amount than was paid or refunded. */
  otherAmount(line: Line): Line;
  /** What a bill has of a payment that the merchant never made. */
  foreign(): readonly Line[];
}

/** The lines of a bill as the faults have them. */
export function spoiltLines<Line>({ faults }: SimCore, lines: readonly Line[], bill: Bill<Line>): Line[] {
  const { channel } = bill;
  const scopeOf = (line: Line) => ({ channel, operation: "bill", outTradeNo: bill.outTradeNoOf(line) });
  const told = lines
    .filter((line) => faults.take(scopeOf(line), "bill.line-missing") === undefined)
    .map((line) =>
      faults.take(scopeOf(line), "bill.other-amount") === undefined ? line : bill.otherAmount(line),
    );
  const added = faults.take({ channel, operation: "bill", outTradeNo: "" }, "bill.line-foreign");
  return added === undefined ? told : [...bill.foreign(), ...told];
}
