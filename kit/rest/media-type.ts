import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "./http-error.ts";

/** Whether a request brings a body; `Content-Length: 0` counts as none. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** What a route can do with a body. */
export interface AcceptedBodies {
  readonly gzip: boolean;
  /** Forms as well as JSON, as in go-zero where a field has a form tag. */
  readonly forms?: boolean;
}

/**
 * Refuses a body that is not JSON in UTF-8, plain or, where that is accepted, gzip.
 *
 * @throws HttpError UNSUPPORTED_MEDIA_TYPE
 */
export function checkMediaType(headers: IncomingHttpHeaders, accepted: AcceptedBodies): void {
  if (!hasBody(headers)) return;
  const { "content-type": type, "content-encoding": encoding } = headers;
  const isForm = accepted.forms === true && isFormType(type);
  if (type !== "application/json" && !isForm && !isUtf8Json(type))
    throw new HttpError("UNSUPPORTED_MEDIA_TYPE");
  if (encoding === undefined || (accepted.gzip && isGzip(encoding)) || encoding.toLowerCase() === "identity")
    return;
  throw new HttpError("UNSUPPORTED_MEDIA_TYPE");
}

/** Whether a `Content-Encoding` says gzip. */
export function isGzip(encoding: string | undefined): boolean {
  return encoding !== undefined && encoding.toLowerCase() === "gzip";
}

const FORM_TYPES: ReadonlySet<string> = new Set(["application/x-www-form-urlencoded", "multipart/form-data"]);

/** Whether a `Content-Type` is that of a form. */
export function isFormType(contentType: string | undefined): boolean {
  return FORM_TYPES.has((contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "");
}

function isUtf8Json(contentType: string | undefined): boolean {
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";");
  if (type?.trim() !== "application/json") return false;
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith("charset="));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}
