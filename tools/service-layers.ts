import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { LayerName } from "../codegen/commands/index.ts";

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
 * Every layer that has its contract: services/<name>/<layer>/<name>.<extension> of a service, and
 * kit/<name>/model/<name>.sql of an area of the kit that brings tables.
 */
export async function serviceLayers(root: string): Promise<ServiceLayer[]> {
  const services = (await readdir(join(root, "services"))).sort();
  const areas = (await readdir(join(root, "kit"))).sort();
  return [
    ...services.flatMap((name) =>
      (Object.keys(EXTENSIONS) as LayerName[]).flatMap((layer) =>
        layerIn(join(root, "services", name), name, layer),
      ),
    ),
    ...areas.flatMap((name) => layerIn(join(root, "kit", name), name, "model")),
  ];
}

function layerIn(folder: string, name: string, layer: LayerName): ServiceLayer[] {
  const dir = join(folder, layer);
  const contract = join(dir, `${name}.${EXTENSIONS[layer]}`);
  return existsSync(contract) ? [{ layer, contract, dir }] : [];
}
