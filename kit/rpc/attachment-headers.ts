import { type Actor, type Attachments, type BranchInfo, type Call, isIdempotencyKey } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { MethodDefinition } from "./service.ts";
import type { CallHeaders } from "./wire-request.ts";

const KEY = "mall-idempotency-key";
const OWNER = "mall-idempotency-owner";
const REPLAY = "mall-idempotency-replay";
const REPLAY_ONLY = "only";

const ACTOR = "mall-actor";
const ACTOR_ROLE = "mall-actor-role";
const ACTOR_ADDRESS = "mall-actor-address";
const ACTOR_TEXT = /^[!-~]{1,64}$/;

/** Names that DTM gives its metadata (dtm client/dtmgrpc/dtmgimp/utils.go). */
const GID = "dtm-gid";
const TRANS_TYPE = "dtm-trans_type";
const BRANCH_ID = "dtm-branch_id";
const OP = "dtm-op";

/** What of a caller's attachments goes along with a call of `method`; one that may be repeated takes no key, and is no act. */
export function attachmentsFor(method: MethodDefinition, caller: Call): Attachments | undefined {
  const { attachments } = caller;
  if (method.idempotent !== true || attachments === undefined) return attachments;
  return attachments.branch === undefined ? undefined : { branch: attachments.branch };
}

/** The headers of a call with those of its attachments. */
export function withAttachments(headers: CallHeaders, attachments: Attachments | undefined): CallHeaders {
  if (attachments === undefined) return headers;
  const { idempotency, branch, actor } = attachments;
  const attached: CallHeaders[number][] = [...headers];
  if (idempotency !== undefined) {
    attached.push([KEY, idempotency.key], [OWNER, idempotency.owner]);
    if (idempotency.replayOnly) attached.push([REPLAY, REPLAY_ONLY]);
  }
  if (branch !== undefined) {
    const { gid, transType, branchId, op } = branch;
    attached.push([GID, gid], [TRANS_TYPE, transType], [BRANCH_ID, branchId], [OP, op]);
  }
  if (actor !== undefined) {
    attached.push([ACTOR, actor.who], [ACTOR_ADDRESS, actor.address]);
    if (actor.role !== undefined) attached.push([ACTOR_ROLE, String(actor.role)]);
  }
  return attached;
}

/**
 * The attachments that came with a call.
 *
 * @throws AppError INVALID_ARGUMENT naming the header that cannot be taken: to leave a key out would let its
 * request happen twice.
 */
export function readAttachments(
  method: MethodDefinition,
  header: (name: string) => string | undefined,
): Attachments | undefined {
  const branch = readBranch(header);
  if (method.idempotent === true) return branch === undefined ? undefined : { branch };
  const actor = readActor(header);
  const key = header(KEY);
  if (key === undefined) return (branch ?? actor) === undefined ? undefined : { branch, actor };
  const replayOnly = header(REPLAY) === REPLAY_ONLY;
  const idempotency = { key, owner: header(OWNER) ?? "", ...(replayOnly && ({ replayOnly } as const)) };
  if (isIdempotencyKey(idempotency)) return { idempotency, branch, actor };
  const text = `${KEY} and ${OWNER} must both be there: printable ASCII, at most 255 and 64 characters`;
  throw new AppError("INVALID_ARGUMENT", "INVALID_FIELD", text, { field: KEY });
}

/** The branch that a coordinator says the call is; what it leaves out is empty, as for DTM's own clients. */
function readBranch(header: (name: string) => string | undefined): BranchInfo | undefined {
  const gid = header(GID);
  if (gid === undefined) return undefined;
  const transType = header(TRANS_TYPE) ?? "";
  return { gid, transType, branchId: header(BRANCH_ID) ?? "", op: header(OP) ?? "" };
}

/**
 * @throws AppError INVALID_ARGUMENT where it cannot be taken: to leave it out would let somebody act unseen.
 */
function readActor(header: (name: string) => string | undefined): Actor | undefined {
  const who = header(ACTOR);
  if (who === undefined) return undefined;
  const role = header(ACTOR_ROLE);
  const address = header(ACTOR_ADDRESS) ?? "";
  const isKnown = ACTOR_TEXT.test(who) && (address === "" || ACTOR_TEXT.test(address));
  if (isKnown && (role === undefined || /^[0-9]{1,2}$/.test(role))) {
    return { who, address, ...(role !== undefined && { role: Number(role) }) };
  }
  const text = `${ACTOR} and ${ACTOR_ADDRESS} must be at most 64 printable ASCII characters, ${ACTOR_ROLE} a number`;
  throw new AppError("INVALID_ARGUMENT", "INVALID_FIELD", text, { field: ACTOR });
}
