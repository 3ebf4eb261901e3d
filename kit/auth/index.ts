export { callerOf, isStaff, mayActFor, requireRole } from "./access.ts";
export { ROLE } from "./roles.ts";
