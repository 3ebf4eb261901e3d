import type { DtmConfig, RpcServerConfig } from "@mall/kit/config";
import { publishedAddress } from "@mall/kit/discovery";
import type { ServiceDefinition } from "@mall/kit/rpc";
import type { BranchPlace } from "../branch.ts";

/** Where DTM finds the service that this process is, for methods of its own: as `Dtm.Self` says, or as others find it. */
export function ownPlace<Client>(
  service: ServiceDefinition<Client>,
  server: Pick<RpcServerConfig, "ListenOn" | "Etcd" | "CertFile" | "Auth">,
  { Self }: DtmConfig,
): BranchPlace<Client> {
  const isRegistered = server.Etcd !== undefined && server.Etcd.Hosts.length > 0 && server.Etcd.Key !== "";
  const config = {
    Endpoints: Self === "" && !isRegistered ? [publishedAddress(server.ListenOn)] : [],
    Target: Self,
    Etcd: server.Etcd,
    Tls: server.CertFile !== "",
    App: server.Auth ? "anybody's" : "",
  };
  return { service, config, origin: "Dtm.Self" };
}
