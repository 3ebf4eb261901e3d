/**
 * The closed set of outcome codes: gRPC's canonical names, each with its gRPC number and the HTTP
 * status that go-zero (v1.3.5 and later) gives it.
 *
 * Source: google/rpc/code.proto and go-zero's rest error table (docs/compatibility.md).
 */
const CODES = {
  CANCELLED: { grpc: 1, http: 408 },
  UNKNOWN: { grpc: 2, http: 500 },
  INVALID_ARGUMENT: { grpc: 3, http: 400 },
  DEADLINE_EXCEEDED: { grpc: 4, http: 504 },
  NOT_FOUND: { grpc: 5, http: 404 },
  ALREADY_EXISTS: { grpc: 6, http: 409 },
  PERMISSION_DENIED: { grpc: 7, http: 403 },
  RESOURCE_EXHAUSTED: { grpc: 8, http: 429 },
  FAILED_PRECONDITION: { grpc: 9, http: 400 },
  ABORTED: { grpc: 10, http: 409 },
  OUT_OF_RANGE: { grpc: 11, http: 400 },
  UNIMPLEMENTED: { grpc: 12, http: 501 },
  INTERNAL: { grpc: 13, http: 500 },
  UNAVAILABLE: { grpc: 14, http: 503 },
  DATA_LOSS: { grpc: 15, http: 500 },
  UNAUTHENTICATED: { grpc: 16, http: 401 },
} as const;

export type Code = keyof typeof CODES;

const BY_GRPC = new Map<number, Code>(
  Object.entries(CODES).map(([name, numbers]) => [numbers.grpc, name as Code]),
);

/** The gRPC status number of a code. */
export function grpcStatusOf(code: Code): number {
  return CODES[code].grpc;
}

/** The HTTP status of a code. */
export function httpStatusOf(code: Code): number {
  return CODES[code].http;
}

/** The code of a gRPC status number, or undefined where the number is not a canonical one. */
export function codeOfGrpcStatus(status: number): Code | undefined {
  return BY_GRPC.get(status);
}
