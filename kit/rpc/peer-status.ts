import { AppError, codeOfGrpcStatus, deadlineExceeded, grpcStatusOf, sqlRefusal } from "@mall/kit/errors";
import { breakerOpen, METHOD_MISSING, PEER_FAILED, serviceOverloaded } from "@mall/kit/resilience";
import { isForPeople, readPeerText } from "./peer-text.ts";
import { internalError, publicError, unavailable } from "./public-error.ts";

/** The Go mall answers its business errors with this number (`status.Error(100, text)`). */
const GO_BUSINESS_ERROR = 100;

const INTERNAL = grpcStatusOf("INTERNAL");

/** How often a status may hold another as its text; each process on the way adds one. */
const DEPTH_MAX = 4;

/** The reason of a refusal with the number of business errors, for good. */
export const PEER_REFUSED = "PEER_REFUSED";
/**
 * The reason of a refusal that only its text tells from a failure: a caller may read it, a breaker does not count it,
 * and no money goes back because of it.
 */
const PEER_DECLINED = "PEER_DECLINED";

/** The reason of a row that is there already, where a peer gives none. */
const EXISTS = "ALREADY_EXISTS";

/**
 * Whether a peer that gives no reasons refused since there is such a row: a Go process says so in its mall's words, or
 * lets the database's slip, which nobody outside can read. Who knows what was to be made has words for it.
 */
export function isPeersTwin(error: unknown): boolean {
  return error instanceof AppError && error.reason === EXISTS;
}

/** A status without ErrorInfo, and who gave it. */
export interface BareStatus {
  readonly service: string;
  readonly code: number;
  readonly text: string;
  readonly cause: unknown;
}

/**
 * The AppError behind a status without ErrorInfo: made by gRPC itself, by a proxy, or by a peer that is not a mall of
 * ours. The Go mall refuses with 100 and 500; others made like it with UNKNOWN, numbers of their own, or canonical codes.
 */
export function fromBareStatus(status: BareStatus, depth = 0): AppError {
  const { service, code, text, cause } = status;
  switch (codeOfGrpcStatus(code)) {
    case "DEADLINE_EXCEEDED":
      return deadlineExceeded();
    // A call that its own caller cancelled is over before its answer comes; what still arrives as
    // cancelled was cut off by a peer that is going away.
    case "CANCELLED":
    case "UNAVAILABLE":
      return text.endsWith(breakerOpen().message) ? breakerOpen() : unavailable(service, cause);
    // go-zero's rpc auth.
    case "UNAUTHENTICATED":
    case "DATA_LOSS":
      return internalError(cause);
    case "INTERNAL":
      return isForPeople(text) ? fromText(status, depth) : internalError(cause);
    case "UNIMPLEMENTED":
      return methodMissing(status);
    case "RESOURCE_EXHAUSTED":
      return isForPeople(text) || text === serviceOverloaded().message
        ? fromText(status, depth)
        : canonical(status, depth);
    case "UNKNOWN":
    case undefined:
      return fromText(status, depth);
    default:
      return canonical(status, depth);
  }
}

/** The peer is older than this mall, or a Go one; every library of gRPC names the method. */
function methodMissing({ service, text, cause }: BareStatus): AppError {
  const [, method = "that is needed"] = /method (?:\/[\w.]+\/)?(\w+)/.exec(text) ?? [];
  const told = `${service} has no method ${method}: an older or another program serves it`;
  return new AppError("UNIMPLEMENTED", METHOD_MISSING, told, { cause });
}

/** A canonical code keeps its number; its text may still be a driver's. */
function canonical(status: BareStatus, depth: number): AppError {
  const code = codeOfGrpcStatus(status.code) ?? "UNKNOWN";
  const read = readPeerText(status.text);
  if (read.kind !== "refusal" && read.kind !== "technical") return fromText(status, depth);
  // `Aborted FAILURE` and the like are words, but not for people; what would reveal internals is left out.
  const text = read.kind === "refusal" || status.text === "" ? status.text : `${status.service} refused`;
  return publicError(new AppError(code, code, text, { cause: status.cause }));
}

function fromText(status: BareStatus, depth: number): AppError {
  const { service, code, text, cause } = status;
  const read = readPeerText(text);
  switch (read.kind) {
    case "status":
      return depth < DEPTH_MAX
        ? fromBareStatus({ ...status, code: read.code, text: read.text }, depth + 1)
        : internalError(cause);
    case "breaker":
      return breakerOpen();
    case "overload":
      return serviceOverloaded();
    case "duplicate":
      return new AppError("ALREADY_EXISTS", EXISTS, `${service}: it exists already`, { cause });
    case "value":
      return sqlRefusal(read.number, read.text, cause) ?? internalError(cause);
    case "technical":
      return code === INTERNAL ? internalError(cause) : peerFailed(cause);
    case "refusal":
      return publicError(refusal(code, text, cause));
  }
}

/** An error of which only the log may learn more, as `internalError`; but it says nothing against the peer. */
function peerFailed(cause: unknown): AppError {
  const { code, message } = internalError(cause);
  return new AppError(code, PEER_FAILED, message, { cause });
}

/** By how its text ends, as go-zero-mall ends them. */
function refusal(code: number, text: string, cause: unknown): AppError {
  if (text.endsWith("不存在")) return new AppError("NOT_FOUND", "NOT_FOUND", text, { cause });
  if (text.endsWith("已存在") || text.endsWith("已创建支付")) {
    return new AppError("ALREADY_EXISTS", EXISTS, text, { cause });
  }
  const reason = code === GO_BUSINESS_ERROR ? PEER_REFUSED : PEER_DECLINED;
  return new AppError("FAILED_PRECONDITION", reason, text, { cause });
}
