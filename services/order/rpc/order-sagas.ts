import type { Coordinator, Saga } from "@mall/kit/saga";
import type { ServiceContext } from "./context.ts";
import { type Created, defineCreate, type Ordered } from "./create-saga.ts";
import { type Cancelled, defineReopen, type Reopened } from "./reopen-saga.ts";

/** The transactions over order and product. */
export interface OrderSagas {
  readonly create: Saga<Ordered, Created>;
  readonly reopen: Saga<Cancelled, Reopened>;
}

/** All before the process serves, so that what an earlier process left is driven to its end. */
export function defineOrderSagas(
  coordinator: Coordinator,
  context: Omit<ServiceContext, "sagas">,
): OrderSagas {
  return {
    create: defineCreate(coordinator, context),
    reopen: defineReopen(coordinator, context),
  };
}
