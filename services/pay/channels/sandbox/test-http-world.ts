import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { createNetworkTransport, type HttpAnswer, type HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createRestServer } from "@mall/kit/rest";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import type { RawNotify } from "../channel.ts";
import type { ChannelWorld } from "../test-channel-conformance.ts";
import { createSandboxBank, openSqliteBankStore, type SandboxBank, sandboxRoutes } from "./bank/index.ts";
import { createSandboxChannel } from "./sandbox-channel.ts";
import { SIGNATURE_HEADER } from "./signature.ts";

const APP_ID = "mall";
const SECRET = "a secret of the two sides";

/** A sandbox bank behind an HTTP port with a SQLite file, and a merchant that listens to it. */
export interface HttpWorld extends ChannelWorld {
  readonly bank: SandboxBank;
  /** Address of the bank's port. */
  readonly url: string;
}

/** Opens a world whose clock a test can move on; its data is in memory unless a data source is given. */
export async function openHttpWorld(dataSource = "sqlite::memory:"): Promise<HttpWorld> {
  let aheadMs = 0;
  const runtime: Runtime = { ...systemRuntime, now: () => systemRuntime.now() + aheadMs };
  const merchant = await listenToNotifies();
  const database = await openDatabase({ dataSource, runtime });
  const store = await openSqliteBankStore(database);
  const http = createNetworkTransport({ runtime });
  const cashierUrl = (outTradeNo: string): string => `${url}/sandbox/cashier/${outTradeNo}`;
  const bank = createSandboxBank({
    ...{ appId: APP_ID, secret: SECRET, store, runtime, http, log: silentLogger },
    cashierUrl,
  });
  const server = createRestServer({
    ...{ runtime, log: silentLogger, host: "127.0.0.1", port: 0, timeoutMs: 3000 },
    ...{ bodyBytesMax: 65_536, concurrentMax: 100, routes: sandboxRoutes(bank, runtime) },
  });
  const url = await server.start();
  await bank.start();
  const wire = failingWire(http);
  const config = { Gateway: `${url}/sandbox`, AppId: APP_ID, Secret: SECRET, NotifyUrl: merchant.url };
  return {
    bank,
    url,
    channel: createSandboxChannel(config, { runtime, http: wire }),
    now: runtime.now,
    signedHeaders: [SIGNATURE_HEADER],
    notifies: merchant.notifies,
    failNext: wire.failNext,
    advance: async (ms) => {
      aheadMs += ms;
      while ((await store.notices()).length > 0) await setImmediate();
    },
    pay: async (outTradeNo) => {
      await bank.pay(outTradeNo);
    },
    close: async () => {
      await server.stop(0);
      await bank.close();
      await database.close();
      merchant.close();
    },
  };
}

async function listenToNotifies(): Promise<{ url: string; notifies: RawNotify[]; close(): void }> {
  const notifies: RawNotify[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      notifies.push({ headers: Object.fromEntries(headers), body: Buffer.concat(chunks) });
      response.end("success");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/notify`, notifies, close };
}

/** A transport whose next exchange can be made to fail. */
function failingWire(http: HttpTransport): HttpTransport & Pick<ChannelWorld, "failNext"> {
  let fails: Parameters<ChannelWorld["failNext"]>[0] | undefined;
  return {
    failNext: (what) => {
      fails = what;
    },
    send: async (request, options) => {
      const failing = fails;
      fails = undefined;
      if (failing === "request") throw new Error("not sent");
      const answer = await http.send(request, options);
      if (failing === "answer") throw new Error("lost");
      return failing === "forged" ? forged(answer) : answer;
    },
  };
}

function forged(answer: HttpAnswer): HttpAnswer {
  const text = Buffer.from(answer.body).toString("utf8");
  return { ...answer, body: Buffer.from(text.replace("OK", "NO")) };
}
