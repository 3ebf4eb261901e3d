import type { Lie } from "../core/faults.ts";
import type { StripeError } from "./errors.ts";

/** An answer. */
export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

export function refusalOf({ status, error }: StripeError): Said {
  return { status, headers: {}, body: { error } };
}

/** An object that is about another amount or currency, as far as it says anything about that; accounts it names none. */
export function lieAbout(body: object, lie: Lie): object {
  if (lie === "currency") return "currency" in body ? { ...body, currency: "xof" } : body;
  if (lie !== "amount") return body;
  const changed = ["amount", "amount_received", "amount_total"]
    .filter((name) => typeof Reflect.get(body, name) === "number")
    .map((name) => [name, Number(Reflect.get(body, name)) + 1]);
  return { ...body, ...Object.fromEntries(changed) };
}
