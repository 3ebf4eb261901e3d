import type { Audit } from "@mall/kit/audit";
import type { ServiceActs } from "@mall/kit/desk";
import type { Idempotency } from "@mall/kit/idempotency";
import type { Turns } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { EndedSessionModel } from "../model/ended-session-model.ts";
import type { RoleGuard } from "../model/role-guard.ts";
import type { UserModel } from "../model/user-model.ts";
import type { AttemptGuard } from "./attempt-guard.ts";
import type { Passwords } from "./passwords.ts";

/** What the user rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly userModel: UserModel;
  readonly roleGuard: RoleGuard;
  readonly endedSessionModel: EndedSessionModel;
  /** Lets each write with a key take effect once. */
  readonly idempotency: Idempotency;
  /** Of what admins do. */
  readonly audit: Audit;
  /** What the audit has of this service. */
  readonly acts: ServiceActs;
  readonly passwords: Passwords;
  /** Of guesses at passwords. */
  readonly loginGuard: AttemptGuard;
  readonly registerGuard: AttemptGuard;
  /** Of the registrations of one mobile: the second one finds the first one's user and hashes nothing. */
  readonly registerTurns: Turns;
  /** Outside `pro` the first user to register becomes admin, so that the tutorial's steps work as written. */
  readonly firstUserIsAdmin: boolean;
}
