import { existsSync } from "node:fs";
import { checkConfig, loadConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { type ChannelsConfig, channelsConfig } from "@mall/pay/channels";
import type { Command } from "commander";
import { Option } from "commander";
import { z } from "zod";
import { channelsIn } from "../all-in-one/channels.ts";
import { allInOneConfig } from "../all-in-one/config.ts";
import { ownMallFile, withAccounts } from "../all-in-one/own-simulator.ts";
import { configKindOf } from "../doctor/config-kind.ts";
import { DEFAULT_DATA_DIR, dataFolderOption } from "./data-folder.ts";
import { findDataSource } from "./data-source.ts";

/** Where the command line says that the pay service of a mall is; at most one of the two. */
export interface PaySourceFlags {
  readonly data?: string;
  readonly file?: string;
}

/** A pay service's database, and its accounts at channels. */
export interface PaySource {
  readonly dataSource: string;
  readonly channels: ChannelsConfig;
}

const channelsBlock = z.object({ Channels: channelsConfig.prefault({}) });

/** Adds the two ways to name a pay service; they exclude each other. */
export function addPaySourceOptions(command: Command): Command {
  return command
    .addOption(dataFolderOption("file"))
    .addOption(
      new Option(
        "-f, --file <file>",
        "configuration (YAML) of a pay rpc or an all-in-one: its Channels and database",
      ),
    );
}

/**
 * The pay service that was named, else that of the mall in the default data folder.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do.
 */
export async function findPaySource(flags: PaySourceFlags): Promise<PaySource> {
  return { dataSource: findDataSource(flags), channels: await findChannels(flags) };
}

async function findChannels({ data, file }: PaySourceFlags): Promise<ChannelsConfig> {
  if (file === undefined) {
    const DataDir = data ?? DEFAULT_DATA_DIR;
    return ofAllInOne(checkConfig("(flags)", { DataDir }, allInOneConfig));
  }
  const kind = await configKindOf(file);
  if (kind.kind === "all-in-one") return ofAllInOne(loadConfig(file, allInOneConfig));
  if (kind.kind === "rpc" && kind.service.name === "pay") return loadConfig(file, channelsBlock).Channels;
  throw new AppError(
    "FAILED_PRECONDITION",
    "NO_PAY_SERVICE",
    `${file} is of neither a pay rpc nor an all-in-one, and names no channels`,
  );
}

/** The accounts at its own simulator are in the data folder. */
function ofAllInOne(config: z.output<typeof allInOneConfig>): ChannelsConfig {
  const file = ownMallFile(config);
  const configured = channelsIn(config);
  if (file === undefined || !existsSync(file)) return configured;
  const { Pay } = loadConfig(file, z.object({ Pay: channelsBlock }));
  return withAccounts(configured, Pay.Channels);
}
