import { stripeErrors } from "./errors.ts";
import { type StripeObject, type StripeObjects, told } from "./objects.ts";
import type { Unit } from "./unit.ts";

/** Fields that hold the id of another object, and of which kind. */
const REFERENCES: Readonly<Record<string, keyof StripeObjects>> = {
  latest_charge: "charge",
  charge: "charge",
  payment_intent: "payment_intent",
  balance_transaction: "balance_transaction",
  failure_balance_transaction: "balance_transaction",
};

/** What an entry of the balance may come from, by how its id begins. */
const SOURCES = { ch: "charge", re: "refund", dp: "dispute" } as const;

/** The kind of the object that an entry of the balance comes from. */
export function sourceKindOf(id: string): (typeof SOURCES)[keyof typeof SOURCES] | undefined {
  const found = Object.entries(SOURCES).find(([prefix]) => id.startsWith(`${prefix}_`));
  return found?.[1];
}

/**
 * An object as it is told, with objects in the place of ids where that is asked for (`latest_charge.balance_transaction`).
 *
 * @throws StripeError for a field that holds no object
 */
export async function expanded(unit: Unit, object: StripeObject, paths: readonly string[]): Promise<object> {
  const body = told(object, unit.now);
  const names = new Set(paths.map((path) => path.split(".", 1)[0] ?? ""));
  for (const name of names) {
    const id = body[name];
    const kind = name === "source" && typeof id === "string" ? sourceKindOf(id) : REFERENCES[name];
    if (kind === undefined || !(name in body)) throw stripeErrors.expand(name);
    if (typeof id !== "string") continue;
    const below = paths
      .filter((path) => path.startsWith(`${name}.`))
      .map((path) => path.slice(name.length + 1));
    body[name] = await expanded(unit, await unit.demand(kind, id), below);
  }
  return body;
}
