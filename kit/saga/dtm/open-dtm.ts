import type { DtmConfig, RpcClientConfig } from "@mall/kit/config";
import type { ServiceDefinition } from "@mall/kit/rpc";
import { createDtm, type Dtm } from "./dtm.ts";
import { DtmService } from "./dtm-service.ts";

/** What a process offers for reaching a service that is no part of the mall. */
interface Surroundings {
  outside<Client>(definition: ServiceDefinition<Client>, config: RpcClientConfig, origin: string): Client;
}

/**
 * The DTM server that a `Dtm` block names; undefined where there is no such block.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the block gives no way to reach it.
 */
export function openDtm(placement: Surroundings, config: DtmConfig | undefined): Dtm | undefined {
  return config && createDtm(placement.outside(DtmService, config, "Dtm"), config);
}
