import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "./http-error.ts";

/** Whether a request brings a body; `Content-Length: 0` counts as none. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/**
 * Refuses a body that is not JSON in UTF-8, plain or, where that is accepted, gzip.
 *
 * @throws HttpError UNSUPPORTED_MEDIA_TYPE
 */
export function checkMediaType(headers: IncomingHttpHeaders, acceptsGzip: boolean): void {
  if (!hasBody(headers)) return;
  const { "content-type": type, "content-encoding": encoding } = headers;
  if (type !== "application/json" && !isUtf8Json(type)) throw new HttpError("UNSUPPORTED_MEDIA_TYPE");
  if (encoding === undefined || (acceptsGzip && isGzip(encoding)) || encoding.toLowerCase() === "identity")
    return;
  throw new HttpError("UNSUPPORTED_MEDIA_TYPE");
}

/** Whether a `Content-Encoding` says gzip. */
export function isGzip(encoding: string | undefined): boolean {
  return encoding !== undefined && encoding.toLowerCase() === "gzip";
}

function isUtf8Json(contentType: string | undefined): boolean {
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";");
  if (type?.trim() !== "application/json") return false;
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith("charset="));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}
