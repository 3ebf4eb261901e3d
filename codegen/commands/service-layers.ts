import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LayerName } from "./generate-layer.ts";
import { filesOf } from "./list-files.ts";

/** A layer of a service with the contract it is generated from. */
export interface ServiceLayer {
  readonly layer: LayerName;
  /** Path of the contract, e.g. `…/services/pay/api/pay.api`. */
  readonly contract: string;
  /** The layer's folder. */
  readonly dir: string;
}

const EXTENSIONS: Readonly<Record<LayerName, string>> = { model: "sql", api: "api", rpc: "proto" };

/**
 * Every layer that has its contract: <services>/<name>/<layer>/<name>.<extension> of a service, and
 * kit/<name>/model/<name>.sql of an area of the kit beside them that brings tables.
 *
 * @param services the folder of all services.
 */
export function serviceLayers(services: string): ServiceLayer[] {
  const kit = join(services, "../kit");
  const names = filesOf(services).sort();
  const areas = filesOf(kit).sort();
  return [
    ...names.flatMap((name) =>
      (Object.keys(EXTENSIONS) as LayerName[]).flatMap((layer) => layerIn(join(services, name), name, layer)),
    ),
    ...areas.flatMap((name) => layerIn(join(kit, name), name, "model")),
  ];
}

function layerIn(folder: string, name: string, layer: LayerName): ServiceLayer[] {
  const dir = join(folder, layer);
  const contract = join(dir, `${name}.${EXTENSIONS[layer]}`);
  return existsSync(contract) ? [{ layer, contract, dir }] : [];
}
