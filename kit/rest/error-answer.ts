import { type AppError, grpcStatusOf, httpStatusOf, toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { FastifyReply } from "fastify";
import { HttpError } from "./http-error.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** What a failed request answers with. */
export interface ErrorAnswer {
  readonly status: number;
  /** `{"code":<gRPC status>,"msg":…,"reason":…,"field":…}`; `field` only where one is to blame. */
  readonly body: string;
}

/** The HTTP form of an error. */
export function errorAnswer(error: AppError): ErrorAnswer {
  const status = error instanceof HttpError ? error.status : httpStatusOf(error.code);
  const { message: msg, reason, field } = error;
  return { status, body: JSON.stringify({ code: grpcStatusOf(error.code), msg, reason, field }) };
}

/** Answers with an error; what the process itself is to blame for goes to the log with its cause. */
export function sendError(reply: FastifyReply, thrown: unknown, log: Logger): void {
  const error = asAppError(thrown);
  const { status, body } = errorAnswer(error);
  if (status >= 500 && !(error instanceof HttpError)) {
    const { method, url } = reply.request;
    log.error({ error: error.cause ?? error, reason: error.reason, method, path: url }, error.message);
  }
  if (status === 401) reply.header("www-authenticate", "Bearer");
  reply.code(status).header("content-type", JSON_TYPE).send(body);
}

/** Fastify's own refusals carry a 4xx `statusCode`; their texts are replaced by ours. */
function asAppError(thrown: unknown): AppError {
  const status = thrown instanceof Error && "statusCode" in thrown ? thrown.statusCode : undefined;
  if (status === undefined || "reason" in (thrown as Error)) return toAppError(thrown);
  if (status === 413) return new HttpError("BODY_TOO_LARGE");
  if (status === 414) return new HttpError("PATH_TOO_LONG");
  if (status === 415) return new HttpError("UNSUPPORTED_MEDIA_TYPE");
  if (typeof status === "number" && status >= 400 && status < 500) return new HttpError("BAD_REQUEST");
  return toAppError(thrown);
}
