import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { errorAnswer } from "./error-answer.ts";
import { HttpError, type HttpReason } from "./http-error.ts";

const REASON_OF_ERROR: Readonly<Record<string, HttpReason>> = {
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
};

/** Answers what never became a request (bad HTTP, too large headers, too slow) and ends the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = errorAnswer(new HttpError(REASON_OF_ERROR[error.code ?? ""] ?? "BAD_REQUEST"));
  socket.write(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
      "Content-Type: application/json; charset=utf-8\r\n" +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
