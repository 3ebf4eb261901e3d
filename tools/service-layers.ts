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

/** Every layer under `services/` that has its contract: services/<name>/<layer>/<name>.<extension>. */
export async function serviceLayers(root: string): Promise<ServiceLayer[]> {
  const names = (await readdir(join(root, "services"))).sort();
  return names.flatMap((name) =>
    (Object.keys(EXTENSIONS) as LayerName[]).flatMap((layer) => {
      const dir = join(root, "services", name, layer);
      const contract = join(dir, `${name}.${EXTENSIONS[layer]}`);
      return existsSync(contract) ? [{ layer, contract, dir }] : [];
    }),
  );
}
