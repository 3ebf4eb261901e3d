import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { AppError } from "@mall/kit/errors";

/** What a server proves itself with; PEM files. */
export interface RestTls {
  readonly certFile: string;
  readonly keyFile: string;
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for files that cannot be used. */
export function readCertificate(tls: RestTls): { cert: Buffer; key: Buffer } {
  const pair = { cert: readPem("CertFile", tls.certFile), key: readPem("KeyFile", tls.keyFile) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw unusable(
      `CertFile ${tls.certFile} and KeyFile ${tls.keyFile} are not a PEM certificate and its key`,
      cause,
    );
  }
  return pair;
}

function readPem(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unusable(`${key} ${path} cannot be read: check the path and its permissions`, cause);
  }
}

function unusable(text: string, cause: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", text, { cause });
}
