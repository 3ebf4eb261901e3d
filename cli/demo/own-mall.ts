import { rmSync } from "node:fs";
import { checkConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { allInOneConfig } from "../all-in-one/config.ts";
import { readAccessSecret } from "../all-in-one/data-dir.ts";
import { startAllInOne } from "../all-in-one/start.ts";
import type { FoundSecret } from "../operator/access-secret.ts";
import { type FoundMall, gatewayUrls } from "./find-mall.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** A mall that lives as long as the demo. */
export interface OwnMall extends FoundMall {
  readonly dataDir: string;
  /** What its tokens are signed with. */
  secret(): FoundSecret | undefined;
  /** Stops it and takes its data folder away. */
  stop(): Promise<void>;
}

const FREE_PORTS = { Api: 0, Rpc: 0 };

/** What a demo's mall has that others have not. */
interface OwnMallOptions {
  /** Of its gateway; a free one without it. */
  readonly Port?: number;
  /** Where its buyers pay; nowhere without it. */
  readonly Channels?: object;
}

/** Starts a whole mall in this process, on free ports and in a new data folder. */
export async function startOwnMall(
  runtime: Runtime,
  { Port = 0, Channels = {} }: OwnMallOptions = {},
): Promise<OwnMall> {
  const dataDir = makeTemporaryFolder("mall-demo-");
  const removeData = (): void => rmSync(dataDir, { recursive: true, force: true });
  const values = {
    // Here the demo's customer is a customer and no more; elsewhere the first user becomes admin.
    Mode: "pro",
    DataDir: dataDir,
    Port,
    Log: { Level: "severe" },
    User: FREE_PORTS,
    Product: FREE_PORTS,
    Order: FREE_PORTS,
    Pay: { ...FREE_PORTS, Channels },
  };
  try {
    const running = await startAllInOne(checkConfig("(demo)", values, allInOneConfig), runtime);
    const url = running.addresses.find((address) => address.name === "gateway")?.url ?? "";
    const stop = async (): Promise<void> => {
      await running.stop();
      removeData();
    };
    const text = `a mall of the demo's own at ${url}`;
    return { urls: gatewayUrls(url), text, dataDir, secret: () => secretIn(dataDir), stop };
  } catch (error) {
    removeData();
    throw error;
  }
}

function secretIn(dataDir: string): FoundSecret | undefined {
  const secret = readAccessSecret(dataDir);
  return secret === undefined ? undefined : { secret, origin: `its data folder ${dataDir}`, named: true };
}
