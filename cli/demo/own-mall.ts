import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { allInOneConfig } from "../all-in-one/config.ts";
import { startAllInOne } from "../all-in-one/start.ts";
import { type FoundMall, gatewayUrls } from "./find-mall.ts";

/** A mall that lives as long as the demo. */
export interface OwnMall extends FoundMall {
  readonly dataDir: string;
  /** Stops it and takes its data folder away. */
  stop(): Promise<void>;
}

const FREE_PORTS = { Api: 0, Rpc: 0 };

/** Starts a whole mall in this process, on free ports and in a new data folder. */
export async function startOwnMall(runtime: Runtime): Promise<OwnMall> {
  const dataDir = mkdtempSync(join(tmpdir(), "mall-demo-"));
  const removeData = (): void => rmSync(dataDir, { recursive: true, force: true });
  const values = {
    // Here the demo's customer is a customer and no more; elsewhere the first user becomes admin.
    Mode: "pro",
    DataDir: dataDir,
    Port: 0,
    Log: { Level: "severe" },
    User: FREE_PORTS,
    Product: FREE_PORTS,
    Order: FREE_PORTS,
    Pay: FREE_PORTS,
  };
  try {
    const running = await startAllInOne(checkConfig("(demo)", values, allInOneConfig), runtime);
    const url = running.addresses.find((address) => address.name === "gateway")?.url ?? "";
    const stop = async (): Promise<void> => {
      await running.stop();
      removeData();
    };
    return { urls: gatewayUrls(url), text: `a mall of the demo's own at ${url}`, dataDir, stop };
  } catch (error) {
    removeData();
    throw error;
  }
}
