import { join } from "node:path";
import { createNetworkTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { createTestFolder } from "@mall/kit/testing";
import { type SimServer, serveHttp } from "./core/serve-http.ts";
import { openSimStore } from "./core/sim-store.ts";
import { makePlatformKey } from "./credentials/make-wechat.ts";
import { createChannelSimulator, type SimAccounts } from "./simulator.ts";

export type { ChannelSimulator } from "./core/channel-simulator.ts";
export type { SimStore } from "./core/sim-store.ts";
export { makeAlipay } from "./credentials/make-alipay.ts";
export { makeStripe } from "./credentials/make-stripe.ts";
export { makePlatformKey, makeWechat, type WechatMerchant } from "./credentials/make-wechat.ts";
export { createChannelSimulator, type SimAccounts } from "./simulator.ts";

/** A simulator on a port of its own. */
export async function startTestSimulator(accounts: SimAccounts) {
  const runtime = systemRuntime;
  const database = await openDatabase({
    dataSource: `sqlite:${join(createTestFolder(), "sim.db")}`,
    runtime,
  });
  let server: SimServer | undefined;
  const simulator = createChannelSimulator({
    accounts,
    store: await openSimStore(database),
    runtime,
    http: createNetworkTransport({ runtime }),
    log: silentLogger,
    publicUrl: () => server?.url ?? "",
    nextPlatformKey: async () => (await makePlatformKey(runtime)).key,
  });
  server = await serveHttp({
    host: "127.0.0.1",
    port: 0,
    portKey: "port",
    log: silentLogger,
    answer: simulator.answer,
  });
  await simulator.start();
  const close = async (): Promise<void> => {
    await server?.close();
    await simulator.close();
    await database.close();
  };
  return { simulator, url: server.url, close };
}
