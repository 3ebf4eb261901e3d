import type { ServiceConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import { isTried } from "./rpc-listener.ts";

/** Something by which others get what is not theirs, and the way out. */
export interface Exposure {
  readonly text: string;
  readonly fix: string;
}

/** Secrets of go-zero-mall's own files, which everybody can read. */
const PUBLISHED_SECRETS: ReadonlySet<string> = new Set([
  "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl",
  "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe",
]);

/** Whether others than this machine reach a server that listens on this host. */
function isPublicHost(host: string): boolean {
  return !/^(localhost|127\..*|::1|::ffff:127\..*)$/i.test(host);
}

/** A gRPC port of the mall that anybody may call who reaches it: its methods believe whoever calls. */
export function rpcExposure(name: string, host: string, hasAuth: boolean): Exposure[] {
  if (hasAuth || !isPublicHost(host)) return [];
  return [
    {
      text: `${name} listens on ${nameOf(host)} and asks no caller who he is: whoever reaches its port can mark orders as paid`,
      fix: "listen on a loopback or private address, set Auth (mall rpc-auth grant), or let no other machine reach the port",
    },
  ];
}

/** A secret that everybody knows, in a process that is in earnest. */
export function secretExposure(key: string, secret: string, mode: ServiceConfig["Mode"]): Exposure[] {
  if (mode !== "pro" || !PUBLISHED_SECRETS.has(secret)) return [];
  return [
    {
      text: `${key} is the one of go-zero-mall's published files: everybody can ${key === "Salt" ? "guess at the passwords of its table" : "make tokens of any user and of staff"}`,
      fix: `set ${key} to random text of your own, the same in every process, Go's included`,
    },
  ];
}

/** What a process that is tried out, outside of `pro`, lets everybody do who reaches its host. */
export function trialExposure(
  name: string,
  { mode, host }: { readonly mode: ServiceConfig["Mode"]; readonly host: string },
  risk: string,
): Exposure[] {
  if (!isTried(mode) || !isPublicHost(host)) return [];
  return [
    {
      text: `${name}Mode ${mode} on ${nameOf(host)}, which others reach: ${risk}`,
      fix: "set Mode: pro, or let it listen on 127.0.0.1 while it is tried out",
    },
  ];
}

/** A bank of the mall's own that others reach. */
export function sandboxExposure(host: string, fix: string, name = "the sandbox bank"): Exposure[] {
  if (!isPublicHost(host)) return [];
  return [
    {
      text: `${name} is open on ${nameOf(host)}, which others reach: it takes no money, so that everybody can pay for nothing`,
      fix,
    },
  ];
}

function nameOf(host: string): string {
  return host === "" ? "every address" : host;
}

/** Says each of them in the log, once at the start. */
export function logExposures(log: Logger, exposures: readonly Exposure[]): void {
  for (const { text, fix } of exposures) log.warn({}, `${text}; ${fix}`);
}
