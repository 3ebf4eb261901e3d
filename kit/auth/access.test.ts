import assert from "node:assert/strict";
import { it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { callerOf, isStaff, mayActFor, requireRole } from "./access.ts";
import { ROLE } from "./roles.ts";

const callAs = (role: number, uid = 7) => backgroundCall({ uid, role });

it("a call without a token is nobody's", () => {
  assert.throws(() => callerOf(backgroundCall()), { code: "UNAUTHENTICATED" });
});

it("a customer acts for nobody else, staff and admins for everybody, a gateway for nobody", () => {
  assert.equal(mayActFor(callAs(ROLE.customer), 7), true);
  assert.equal(mayActFor(callAs(ROLE.customer), 8), false);
  assert.equal(mayActFor(callAs(ROLE.staff), 8), true);
  assert.equal(mayActFor(callAs(ROLE.admin), 8), true);
  assert.equal(mayActFor(callAs(ROLE.gateway), 7), false);
  assert.equal(isStaff(callAs(ROLE.gateway)), false);
});

it("a role that is not asked for is refused", () => {
  requireRole(callAs(ROLE.gateway), ROLE.gateway, ROLE.admin);
  assert.throws(() => requireRole(callAs(ROLE.customer), ROLE.gateway, ROLE.admin), {
    code: "PERMISSION_DENIED",
  });
});
