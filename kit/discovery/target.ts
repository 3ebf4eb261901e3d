import { invalidArgument } from "@mall/kit/errors";

/** What a `Target` stands for. */
export type Target =
  | { readonly kind: "direct"; readonly endpoints: readonly string[] }
  | { readonly kind: "dns"; readonly endpoint: string }
  | { readonly kind: "etcd"; readonly hosts: readonly string[]; readonly key: string };

const SCHEME = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?]*)\/?|\/*)(.*)$/i;

/**
 * Reads a `Target` of go-zero's (zrpc/resolver): `dns:///host:port`, `direct:///a:1,b:2`, a bare `host:port`,
 * and etcd in its three historical forms: `discov://h1,h2/key` (v1.3), `etcd://h1,h2/key` (v1.4),
 * `etcd:///h1,h2?key=key` (v1.10).
 *
 * @throws AppError INVALID_ARGUMENT naming `field` for anything else.
 */
export function parseTarget(field: string, text: string): Target {
  const match = SCHEME.exec(text);
  // `localhost:9000` looks like a scheme with a path.
  if (match === null || !text.includes(":/")) return { kind: "direct", endpoints: [text] };
  const [, scheme = "", authority = "", path = ""] = match;
  switch (scheme.toLowerCase()) {
    case "direct":
    case "passthrough":
      return { kind: "direct", endpoints: listed(path) };
    case "dns":
      if (authority !== "") throw invalidArgument(field, "names a DNS server; write dns:///host:port");
      return { kind: "dns", endpoint: path };
    case "etcd":
    case "discov":
      return etcdTarget(field, authority, path);
    case "k8s":
      throw invalidArgument(
        field,
        `is "${text}": k8s:// needs Kubernetes' API, which is not supported; use dns:///<service>.<namespace>:<port> with a headless service`,
      );
    default:
      throw invalidArgument(
        field,
        `has the unknown scheme "${scheme}"; use dns:///host:port, direct:///a:1,b:2 or etcd:///hosts?key=name`,
      );
  }
}

function etcdTarget(field: string, authority: string, path: string): Target {
  const [before = "", query] = path.split("?", 2);
  const newest = query !== undefined;
  const hosts = listed(newest && authority === "" ? before : authority);
  const key = newest ? (new URLSearchParams(query).get("key") ?? "") : before;
  if (hosts.length === 0) throw invalidArgument(field, "empty etcd hosts");
  if (key === "") throw invalidArgument(field, "empty etcd key");
  return { kind: "etcd", hosts, key };
}

function listed(text: string): string[] {
  return text.split(",").filter((part) => part !== "");
}
