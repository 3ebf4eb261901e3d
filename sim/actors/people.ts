import { ROLE } from "@mall/kit/auth";
import type { Identity } from "@mall/kit/call";

/** Somebody who orders and pays. */
export interface Customer {
  readonly uid: number;
  readonly identity: Identity;
}

/** The ids of the customers are 1, 2, …; then comes staff. */
export const CUSTOMERS = 3;
const STAFF_UID = CUSTOMERS + 1;

export const STAFF: Identity = { uid: STAFF_UID, role: ROLE.staff };
/** Others of the staff, who decide about what that one wants. */
export const SECOND: Identity = { uid: STAFF_UID + 2, role: ROLE.staff };
export const THIRD: Identity = { uid: STAFF_UID + 3, role: ROLE.admin };
export const GATEWAY: Identity = { uid: STAFF_UID + 1, role: ROLE.gateway };

/** The customer with this id. */
export function customerOf(uid: number): Customer {
  return { uid, identity: { uid, role: ROLE.customer } };
}
