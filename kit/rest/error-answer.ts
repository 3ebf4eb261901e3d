import { AppError, grpcStatusOf, httpStatusOf, toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import {
  isPeersAnswer,
  isRefusal,
  SERVICE_OVERLOADED,
  saysNothing,
  type Verdict,
} from "@mall/kit/resilience";
import { traceFields } from "@mall/kit/trace";
import type { FastifyReply } from "fastify";
import { HttpError } from "./http-error.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** Where the code says less than HTTP has a word for. */
const STATUS_OF_REASON: ReadonlyMap<string, number> = new Map([
  // 429 would tell a client that it alone asks too much.
  [SERVICE_OVERLOADED, 503],
  // kit/idempotency
  ["IDEMPOTENCY_KEY_REUSED", 422],
]);

/** What a failed request answers with. */
export interface ErrorAnswer {
  readonly status: number;
  /** `{"code":<gRPC status>,"msg":…,"reason":…,"field":…}`; `field` only where one is to blame. */
  readonly body: string;
}

/** The HTTP form of an error. */
export function errorAnswer(error: AppError): ErrorAnswer {
  const status = statusOf(error);
  const { message: msg, reason, field } = error;
  return { status, body: JSON.stringify({ code: grpcStatusOf(error.code), msg, reason, field }) };
}

function statusOf(error: AppError): number {
  if (error instanceof HttpError) return error.status;
  return STATUS_OF_REASON.get(error.reason) ?? httpStatusOf(error.code);
}

/** What the answer to a request says about the route: as in go-zero a status of 500 and more speaks against it. */
export function judgeAnswer(error: unknown): Verdict {
  const known = toAppError(error);
  if (saysNothing(known)) return "nothing";
  if (isPeersAnswer(known)) return "answered";
  return statusOf(known) >= 500 ? "failed" : "answered";
}

/** Answers with an error; what the process itself is to blame for goes to the log with its cause. */
export function sendError(reply: FastifyReply, thrown: unknown, log: Logger): void {
  const error = asAppError(thrown);
  const { status, body } = errorAnswer(error);
  if (status >= 500 && !(error instanceof HttpError) && !isRefusal(error)) {
    const { method, url, trace } = reply.request;
    const [path = ""] = url.split("?");
    const fields = { error: error.cause ?? error, reason: error.reason, method, path, ...traceFields(trace) };
    log.error(fields, error.message);
  }
  // Fastify would close the connection under a client that still sends, which then may not see the answer.
  if (status === 413) reply.removeHeader("connection");
  if (error.retryAfterSeconds !== undefined) reply.header("retry-after", String(error.retryAfterSeconds));
  if (status === 401) reply.header("www-authenticate", "Bearer");
  reply.code(status).header("content-type", JSON_TYPE).send(body);
}

/** Fastify's own refusals carry a 4xx `statusCode`; their texts are replaced by ours. */
function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError || !(thrown instanceof Error && "statusCode" in thrown))
    return toAppError(thrown);
  const { statusCode } = thrown;
  if (statusCode === 413) return new HttpError("BODY_TOO_LARGE");
  if (statusCode === 414) return new HttpError("PATH_TOO_LONG");
  if (statusCode === 415) return new HttpError("UNSUPPORTED_MEDIA_TYPE");
  const isRefusal = typeof statusCode === "number" && statusCode >= 400 && statusCode < 500;
  return isRefusal ? new HttpError("BAD_REQUEST") : toAppError(thrown);
}
