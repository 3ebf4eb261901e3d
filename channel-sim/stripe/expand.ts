import { stripeErrors } from "./errors.ts";
import { type StripeObject, type StripeObjects, told } from "./objects.ts";
import type { Unit } from "./unit.ts";

/** Fields that hold the id of another object, and of which kind. */
const REFERENCES: Readonly<Record<string, keyof StripeObjects>> = {
  latest_charge: "charge",
  charge: "charge",
  payment_intent: "payment_intent",
  balance_transaction: "balance_transaction",
};

/**
 * An object as it is told, with objects in the place of ids where that is asked for (`latest_charge.balance_transaction`).
 *
 * @throws StripeError for a field that holds no object
 */
export async function expanded(unit: Unit, object: StripeObject, paths: readonly string[]): Promise<object> {
  const body = told(object, unit.now);
  const names = new Set(paths.map((path) => path.split(".", 1)[0] ?? ""));
  for (const name of names) {
    const kind = REFERENCES[name];
    if (kind === undefined || !(name in body)) throw stripeErrors.expand(name);
    const id = body[name];
    if (typeof id !== "string") continue;
    const below = paths
      .filter((path) => path.startsWith(`${name}.`))
      .map((path) => path.slice(name.length + 1));
    body[name] = await expanded(unit, await unit.demand(kind, id), below);
  }
  return body;
}
