import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { AppError, codeOfGrpcStatus, grpcStatusOf } from "@mall/kit/errors";
import { defineMessage } from "./define-message.ts";
import { fromBareStatus } from "./peer-status.ts";
import { internalError, publicError } from "./public-error.ts";

/** Trailer that carries google.rpc.Status (github.com/googleapis/googleapis, google/rpc/status.proto). */
const DETAILS_KEY = "grpc-status-details-bin";
const ERROR_INFO_URL = "type.googleapis.com/google.rpc.ErrorInfo";
const DOMAIN = "mall";
/** Keys of the metadata of an ErrorInfo. */
const FIELD_KEY = "field";
const RETRY_AFTER_KEY = "retryAfterSeconds";

/** What reasons of rpc auth begin with: the process that calls is not let in, whoever it calls for. */
export const RPC_AUTH_PREFIX = "RPC_AUTH_";

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
  if (code === undefined || info === undefined) {
    return fromBareStatus({ service, code: error.code, text: error.details, cause: error });
  }
  if (info.reason.startsWith(RPC_AUTH_PREFIX)) return internalError(error);
  const metadataValue = (key: string): string | undefined =>
    info.metadata.find((entry) => entry.key === key)?.value;
  const retryAfter = Number(metadataValue(RETRY_AFTER_KEY));
  const retryAfterSeconds = Number.isSafeInteger(retryAfter) && retryAfter > 0 ? retryAfter : undefined;
  const reason = info.reason === "" ? code : info.reason;
  const options = { field: metadataValue(FIELD_KEY), retryAfterSeconds };
  return publicError(new AppError(code, reason, error.details, options));
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
