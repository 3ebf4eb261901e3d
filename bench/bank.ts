import { createNetworkTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createRestServer } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { openSandbox } from "../cli/sandbox/open-sandbox.ts";
import { BENCH_BANK } from "./placements.ts";

/**
 * A sandbox bank for malls under measurement. Its records are in memory, as a channel's own disk would be another one
 * than the mall's.
 */
const TIMEOUT_MS = 20_000;

const common = { runtime: systemRuntime, log: silentLogger };
const bank = await openSandbox({
  ...common,
  ...BENCH_BANK,
  dataSource: "sqlite::memory:",
  publicUrl: () => url,
  http: createNetworkTransport({ runtime: systemRuntime }),
});
const server = createRestServer({
  ...common,
  ...{ host: "127.0.0.1", port: 0, routes: bank.routes },
  ...{ timeoutMs: TIMEOUT_MS, bodyBytesMax: 65_536, concurrentMax: 10_000 },
});
const url = await server.start();
await bank.start();
process.stdout.write(`bank is ready at ${url}\n`);
