import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { type ChannelCredentials, credentials, ServerCredentials } from "@grpc/grpc-js";
import { AppError } from "@mall/kit/errors";

/** How a client knows its peers. */
export interface ClientTls {
  /** PEM file of the authority that signed the peers' certificates; empty for those the machine trusts. */
  readonly caCertFile: string;
}

/** What a server proves itself with; PEM files. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for a file that cannot be used. */
export function clientCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  if (tls.caCertFile === "") return credentials.createSsl();
  const ca = readPem("CACertFile", tls.caCertFile);
  checkPem(`CACertFile ${tls.caCertFile} is not a PEM certificate`, () => new X509Certificate(ca));
  return credentials.createSsl(ca);
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE for files that cannot be used. */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const cert = readPem("CertFile", tls.certFile);
  const key = readPem("KeyFile", tls.keyFile);
  checkPem(`CertFile ${tls.certFile} and KeyFile ${tls.keyFile} are not a PEM certificate and its key`, () =>
    createSecureContext({ cert, key }),
  );
  return ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
}

function readPem(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unusable(`${key} ${path} cannot be read: check the path and its permissions`, error);
  }
}

function checkPem(text: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw unusable(text, error);
  }
}

function unusable(text: string, cause: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", text, { cause });
}
