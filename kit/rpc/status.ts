import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { AppError, type Code, codeOfGrpcStatus, deadlineExceeded, grpcStatusOf } from "@mall/kit/errors";
import { NO_PEER } from "@mall/kit/resilience";
import { defineMessage } from "./define-message.ts";

/** Trailer that carries google.rpc.Status (github.com/googleapis/googleapis, google/rpc/status.proto). */
const DETAILS_KEY = "grpc-status-details-bin";
const ERROR_INFO_URL = "type.googleapis.com/google.rpc.ErrorInfo";
const DOMAIN = "mall";
/** Keys of the metadata of an ErrorInfo. */
const FIELD_KEY = "field";
const RETRY_AFTER_KEY = "retryAfterSeconds";
const INTERNAL_TEXT = "internal error";

/**
 * Longest text of an error, in UTF-16 units. It travels in headers, twice and nine bytes a character at
 * worst, and a header block beyond HTTP/2's limits (64 KiB in Node) closes the connection for all calls on it.
 */
const TEXT_LENGTH_MAX = 1_000;

/** The Go mall answers every business error with this number (`status.Error(100, text)`). */
const GO_BUSINESS_ERROR = 100;

/** What reasons of rpc auth begin with: the process that calls is not let in, whoever it calls for. */
export const RPC_AUTH_PREFIX = "RPC_AUTH_";

/** Codes whose texts may tell about a process's inside (drivers, addresses, stacks). */
const HIDDEN: ReadonlySet<Code> = new Set<Code>(["INTERNAL", "UNKNOWN", "DATA_LOSS"]);

interface RpcStatus {
  code: number;
  message: string;
  details: { typeUrl: string; value: Uint8Array }[];
}

interface ErrorInfo {
  reason: string;
  domain: string;
  metadata: { key: string; value: string }[];
}

const AnyMessage = defineMessage<RpcStatus["details"][number]>("Any", [
  { number: 1, property: "typeUrl", type: "string" },
  { number: 2, property: "value", type: "bytes" },
]);

const RpcStatus = defineMessage<RpcStatus>("Status", [
  { number: 1, property: "code", type: "int32" },
  { number: 2, property: "message", type: "string" },
  { number: 3, property: "details", type: () => AnyMessage, label: "repeated" },
]);

// A protobuf map is, on the wire, a repeated message of key and value.
const MetadataEntry = defineMessage<ErrorInfo["metadata"][number]>("MetadataEntry", [
  { number: 1, property: "key", type: "string" },
  { number: 2, property: "value", type: "string" },
]);

const ErrorInfo = defineMessage<ErrorInfo>("ErrorInfo", [
  { number: 1, property: "reason", type: "string" },
  { number: 2, property: "domain", type: "string" },
  { number: 3, property: "metadata", type: () => MetadataEntry, label: "repeated" },
]);

/** What a server callback of grpc-js takes for an error. */
export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** True for codes whose cause only the log may learn. */
export function isHidden(code: Code): boolean {
  return HIDDEN.has(code);
}

/**
 * The error as a caller may see it, wherever it is: texts of unexpected errors stay behind in `cause`,
 * and no text is so long that it breaks the connection it travels on.
 */
export function publicError(error: AppError): AppError {
  const message = HIDDEN.has(error.code) ? INTERNAL_TEXT : shorten(error.message);
  const field = HIDDEN.has(error.code) || error.field === undefined ? undefined : shorten(error.field);
  if (message === error.message && field === error.field) return error;
  const { retryAfterSeconds } = error;
  return new AppError(error.code, error.reason, message, { field, retryAfterSeconds, cause: error });
}

function shorten(text: string): string {
  return text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX - 1).toWellFormed()}…`;
}

/** The gRPC status of an error that callers may see, with reason and field as google.rpc.ErrorInfo. */
export function toGrpcStatus(error: AppError): GrpcStatus {
  const code = grpcStatusOf(error.code);
  // A header cannot carry half a surrogate pair, and an error must get through whatever its text is.
  const message = error.message.toWellFormed();
  const info = ErrorInfo.encode({
    reason: error.reason.toWellFormed(),
    domain: DOMAIN,
    metadata: metadataOf(error),
  });
  const details = [{ typeUrl: ERROR_INFO_URL, value: info }];
  const metadata = detailsMetadata(RpcStatus.encode({ code, message, details }));
  return { code, details: message, metadata };
}

function metadataOf({ field, retryAfterSeconds }: AppError): ErrorInfo["metadata"] {
  const metadata: ErrorInfo["metadata"] = [];
  if (field !== undefined) metadata.push({ key: FIELD_KEY, value: field.toWellFormed() });
  if (retryAfterSeconds !== undefined) {
    metadata.push({ key: RETRY_AFTER_KEY, value: String(retryAfterSeconds) });
  }
  return metadata;
}

/** Trailers that carry a google.rpc.Status. */
export function detailsMetadata(status: Buffer): Metadata {
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, status);
  return metadata;
}

/** The bytes of the google.rpc.Status in trailers; none where there is none. */
export function detailsIn(metadata: Metadata): Buffer {
  const bytes = metadata.get(DETAILS_KEY)[0];
  return Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
}

/** The AppError behind a failed call to `service`, whether its peer is a mall, a Go mall or nobody. */
export function fromServiceError(service: string, error: ServiceError): AppError {
  const code = codeOfGrpcStatus(error.code);
  const info = readErrorInfo(error.metadata);
  if (code === undefined) return fromUnknownNumber(error);
  if (info === undefined) return fromBareStatus(service, code, error);
  if (info.reason.startsWith(RPC_AUTH_PREFIX)) return internalError(error);
  const metadataValue = (key: string): string | undefined =>
    info.metadata.find((entry) => entry.key === key)?.value;
  const retryAfter = Number(metadataValue(RETRY_AFTER_KEY));
  const retryAfterSeconds = Number.isSafeInteger(retryAfter) && retryAfter > 0 ? retryAfter : undefined;
  const reason = info.reason === "" ? code : info.reason;
  const options = { field: metadataValue(FIELD_KEY), retryAfterSeconds };
  return publicError(new AppError(code, reason, error.details, options));
}

/** Nobody answers for `service`: its peers are going down, starting or unreachable. */
export function unavailable(service: string, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "UNAVAILABLE", `service unavailable: ${service}`, { cause });
}

/** No peer of `service` is connected, as the client knew before it sent anything. */
export function noPeer(service: string, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", NO_PEER, `service unavailable: ${service}`, { cause });
}

/** An error of which only the log may learn more. */
export function internalError(cause: unknown): AppError {
  return new AppError("INTERNAL", "INTERNAL", INTERNAL_TEXT, { cause });
}

/** A canonical status without ErrorInfo: made by gRPC itself, a proxy or a peer that is not a mall. */
function fromBareStatus(service: string, code: Code, error: ServiceError): AppError {
  switch (code) {
    case "DEADLINE_EXCEEDED":
      return deadlineExceeded();
    // A call that its own caller cancelled is over before its answer comes; what still arrives as
    // cancelled was cut off by a peer that is going away.
    case "CANCELLED":
    case "UNAVAILABLE":
      return unavailable(service, error);
    // go-zero's rpc auth.
    case "UNAUTHENTICATED":
      return internalError(error);
    default:
      return publicError(new AppError(code, code, error.details, { cause: error }));
  }
}

/** Numbers outside gRPC's table: the Go mall's 100 (business, text is public) and 500 (driver texts). */
function fromUnknownNumber(error: ServiceError): AppError {
  if (Number(error.code) !== GO_BUSINESS_ERROR) return internalError(error);
  const text = error.details;
  if (text.endsWith("不存在")) return new AppError("NOT_FOUND", "NOT_FOUND", text, { cause: error });
  if (text.endsWith("已存在") || text.endsWith("已创建支付")) {
    return new AppError("ALREADY_EXISTS", "ALREADY_EXISTS", text, { cause: error });
  }
  return new AppError("FAILED_PRECONDITION", "PEER_REFUSED", text, { cause: error });
}

function readErrorInfo(metadata: Metadata): ErrorInfo | undefined {
  try {
    const info = RpcStatus.decode(detailsIn(metadata)).details.find(
      (detail) => detail.typeUrl === ERROR_INFO_URL,
    );
    return info === undefined ? undefined : ErrorInfo.decode(info.value);
  } catch {
    // Details are a courtesy; a peer that garbles them still gave a code and a text.
    return undefined;
  }
}
