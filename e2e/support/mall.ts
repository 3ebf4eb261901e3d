import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig } from "@mall/kit/config";
import type { RunningProcess } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { allInOneConfig, SERVICES } from "../../cli/all-in-one/config.ts";
import { databasePathIn } from "../../cli/all-in-one/data-dir.ts";
import { startAllInOne } from "../../cli/all-in-one/start.ts";

export const TEST_SECRET = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";
export const SEED_SALT = "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe";

/** A mall of a test's own: where its parts answer, and how to end it. */
export interface TestMall {
  /** Base URL of the gateway, which has every route. */
  readonly url: string;
  /** Of its database. */
  readonly dataSource: string;
  /** `host:port` of a gRPC service or URL of an api, by process name (`pay.rpc`, `pay.api`). */
  address(name: string): string;
  stop(): Promise<void>;
}

export interface TestMallOptions {
  /** A DSN; SQLite in a folder of its own when left out. */
  readonly dataSource?: string;
  readonly mode?: "dev" | "pro";
  /** `host:port` of the Redis that rows are cached in, unless `blocks` say otherwise; none when left out. */
  readonly cacheRedis?: string | undefined;
  /** Further keys of its configuration; those of a service's block come beside the ones it has. */
  readonly blocks?: object;
}

/** The configuration of an all-in-one mall on free ports that says nothing but errors. */
export function testConfig(folder: string, options: TestMallOptions): object {
  const { mode = "dev", dataSource = "", cacheRedis, blocks = {} } = options;
  return withBlocks(blocks, {
    Mode: mode,
    Port: 0,
    DataDir: folder,
    Log: { Level: "severe" },
    Mysql: { DataSource: dataSource },
    Simulator: { Enabled: false },
    ...(cacheRedis === undefined ? {} : { CacheRedis: [{ Host: cacheRedis }], RowCache: "read" }),
    Auth: { AccessSecret: TEST_SECRET },
    // All of a test's users share one address, which would have its share of registrations in a second.
    User: { ...ANY_PORT, Salt: SEED_SALT, RateLimit: { LoginPerMinute: 0, RegisterPerMinute: 0 } },
    Product: ANY_PORT,
    // A test's one buyer may have any number of orders open.
    Order: { ...ANY_PORT, OpenOrdersMax: 0 },
    Pay: ANY_PORT,
  });
}

const ANY_PORT = { Api: 0, Rpc: 0 };

function withBlocks(blocks: object, config: Readonly<Record<string, unknown>>): object {
  const added = Object.entries(blocks).map(([key, value]) => {
    const known = config[key];
    return [
      key,
      SERVICES.some(({ block }) => block === key) ? { ...Object(known), ...Object(value) } : value,
    ];
  });
  return { ...config, ...Object.fromEntries(added) };
}

/** Starts an all-in-one mall in this process on free ports. */
export async function startTestMall(options: TestMallOptions = {}): Promise<TestMall> {
  const folder = mkdtempSync(join(tmpdir(), "mall-e2e-"));
  const config = checkConfig("(test)", testConfig(folder, options), allInOneConfig);
  const running = await startAllInOne(config, systemRuntime);
  return {
    url: addressIn(running, "gateway"),
    dataSource: options.dataSource || `sqlite:${databasePathIn(folder)}`,
    address: (name) => addressIn(running, name),
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function addressIn(running: RunningProcess, name: string): string {
  const found = running.addresses.find((address) => address.name === name);
  if (found === undefined) throw new Error(`the mall has no ${name}`);
  return found.url;
}
