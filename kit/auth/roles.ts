/** Roles, as stored in `user.role`; `gateway` exists only in tokens made for payment gateways. */
export const ROLE = { customer: 0, staff: 1, admin: 2, gateway: 3 } as const;
