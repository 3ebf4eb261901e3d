import { AppError, type Code } from "@mall/kit/errors";

/**
 * Outcomes that only HTTP knows, so no gRPC code leads to their status. Each still carries the nearest
 * code, because the JSON body always has one.
 */
const HTTP_ERRORS = {
  ROUTE_NOT_FOUND: { status: 404, code: "NOT_FOUND", message: "no such route" },
  METHOD_NOT_ALLOWED: { status: 405, code: "UNIMPLEMENTED", message: "the route takes another method" },
  REQUEST_TIMEOUT: { status: 408, code: "CANCELLED", message: "the request took too long to arrive" },
  BODY_TOO_LARGE: { status: 413, code: "INVALID_ARGUMENT", message: "the body is too large" },
  PATH_TOO_LONG: { status: 414, code: "INVALID_ARGUMENT", message: "the path is too long" },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: "INVALID_ARGUMENT",
    message: "the body must be application/json in UTF-8, plain or gzip",
  },
  HEADERS_TOO_LARGE: { status: 431, code: "INVALID_ARGUMENT", message: "the headers are too large" },
  BAD_REQUEST: { status: 400, code: "INVALID_ARGUMENT", message: "the request is not valid HTTP" },
  OVERLOADED: { status: 503, code: "UNAVAILABLE", message: "too many requests at once" },
} as const satisfies Record<string, { status: number; code: Code; message: string }>;

export type HttpReason = keyof typeof HTTP_ERRORS;

/** An AppError whose HTTP status does not follow from its code. */
export class HttpError extends AppError {
  readonly status: number;

  constructor(reason: HttpReason, message?: string) {
    const { status, code, message: usual } = HTTP_ERRORS[reason];
    super(code, reason, message ?? usual);
    this.status = status;
  }
}
