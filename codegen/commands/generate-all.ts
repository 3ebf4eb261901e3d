import { CommandError } from "./command-error.ts";
import { type Output, tellPaths } from "./output.ts";
import { runLayerCommand } from "./run-layer-command.ts";
import { serviceLayers } from "./service-layers.ts";

export interface GenerateFlags {
  readonly dir: string;
  readonly scaffold: boolean;
  readonly dryRun?: boolean;
  readonly cache: boolean;
  readonly prefix: string;
  readonly ignoreColumns?: readonly string[];
  readonly proto_path?: readonly string[];
}

/** What is wrong with one contract does not keep the others from being generated. */
export async function generateAll({ dir, ...flags }: GenerateFlags, output: Output): Promise<void> {
  const layers = serviceLayers(dir);
  if (layers.length === 0)
    throw new CommandError(`${dir}: no contracts: they are looked for as pay/rpc/pay.proto is`, undefined);
  const { scaffold, dryRun = false, cache, prefix: cachePrefix, ignoreColumns, proto_path = [] } = flags;
  const wrong: string[] = [];
  for (const layer of layers) {
    try {
      const paths = await runLayerCommand({
        ...layer,
        ...{ scaffold, dryRun, cache, cachePrefix, include: proto_path },
        ...(ignoreColumns !== undefined && { ignoreColumns }),
        warn: (line) => output.err(`${line}\n`),
      });
      tellPaths(output, paths);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      wrong.push(error.message);
    }
  }
  if (wrong.length > 0) throw new CommandError(wrong.join("\n"), undefined);
}
