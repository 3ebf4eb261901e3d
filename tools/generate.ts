import { join, relative } from "node:path";
import { runLayerCommand } from "../codegen/commands/index.ts";
import { serviceLayers } from "./service-layers.ts";

// Rewrites gen/ of every service from its contracts; business logic stays as it is.
const root = join(import.meta.dirname, "..");
for (const { layer, contract, dir } of await serviceLayers(root)) {
  const written = await runLayerCommand({ layer, contract, dir, scaffold: false });
  for (const path of written) process.stdout.write(`${relative(root, path)}\n`);
}
