import { enableCompileCache } from "node:module";
import { join, relative } from "node:path";
import type { LayerName } from "../codegen/commands/index.ts";

// Most of the time of a run would be the stripping of types, which the cache has done; so what it is for comes after it.
enableCompileCache();
const { runCli } = await import("../codegen/commands/index.ts");
const { serviceLayers } = await import("./service-layers.ts");

const COMMANDS: Readonly<Record<LayerName, readonly string[]>> = {
  model: ["model", "mysql", "ddl", "--cache", "--src"],
  api: ["api", "ts", "--api"],
  rpc: ["rpc", "proto", "--src"],
};

// Rewrites gen/ of every service from its contracts; what is written by hand stays as it is.
const root = join(import.meta.dirname, "..");
for (const { layer, contract, dir } of await serviceLayers(root)) {
  const here = (path: string): string => relative(process.cwd(), path);
  const args = [...COMMANDS[layer], here(contract), "--dir", here(dir), "--no-scaffold"];
  const exitCode = await runCli(args, {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (text) => process.stderr.write(text),
  });
  if (exitCode !== 0) process.exitCode = exitCode;
}
