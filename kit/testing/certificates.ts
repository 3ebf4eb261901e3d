import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTestFolder } from "./test-folder.ts";

/** A program of the machine, not of a package. */
const OPENSSL = "openssl";

/** PEM files of an authority and of one certificate that it signed. */
export interface TestCertificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Why tests that need certificates cannot run here; undefined if they can. */
export function whyNoCertificates(): string | undefined {
  return spawnSync(OPENSSL, ["version"]).status === 0 ? undefined : "no openssl is installed";
}

/** Makes an authority and a certificate for 127.0.0.1 and the names given, good for servers and clients. */
export function makeCertificates(names: readonly string[]): TestCertificates {
  const folder = createTestFolder();
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync(OPENSSL, args, { cwd: folder, stdio: "ignore" });
  };
  const alternatives = ["IP:127.0.0.1", ...names.map((name) => `DNS:${name}`)].join(",");
  writeFileSync(file("leaf.ext"), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority");
  openssl("req", ...key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=test");
  const sign = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "leaf.ext"];
  openssl("x509", "-req", "-in", "leaf.csr", ...sign, "-out", "leaf.pem");
  return { caFile: file("ca.pem"), certFile: file("leaf.pem"), keyFile: file("leaf.key") };
}
