import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "@mall/kit/errors";
import { HttpError } from "./http-error.ts";
import type { JsonSchema } from "./route.ts";
import { parseStrictJson } from "./strict-json.ts";

const inflate = promisify(gunzip);

/**
 * The JSON value of a body; an empty body counts as `{}`, so that the first required field is named.
 *
 * @throws AppError INVALID_ARGUMENT
 */
export function readJsonBody(bytes: Buffer, schema: JsonSchema): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw badBody("the body is not valid UTF-8");
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw badBody("the body starts with a byte order mark; JSON is sent without one");
  }
  return parseStrictJson(bytes.toString("utf8"), schema);
}

/**
 * Inflates a gzip body to at most `bytesMax`, so that a small body cannot fill the memory.
 *
 * @throws HttpError BODY_TOO_LARGE, AppError INVALID_ARGUMENT
 */
export async function gunzipBody(bytes: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: bytesMax });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLarge ? new HttpError("BODY_TOO_LARGE") : badBody("the body is not valid gzip", cause);
  }
}

function badBody(message: string, cause?: unknown): AppError {
  return new AppError("INVALID_ARGUMENT", "INVALID_JSON", message, { cause });
}
