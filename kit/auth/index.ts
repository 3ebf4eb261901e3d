export { callerOf, isStaff, mayActFor, requireRole, staffActor } from "./access.ts";
export { ROLE } from "./roles.ts";
