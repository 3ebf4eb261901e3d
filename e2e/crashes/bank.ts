import { createNetworkTransport, type HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createRestServer } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import {
  type BankTrade,
  createSandboxBank,
  openSqliteBankStore,
  type SandboxBank,
  sandboxRoutes,
} from "@mall/pay/sandbox/bank";

const APP_ID = "mall";
const SECRET = "the secret of a bank in a test";

/** A sandbox bank in this process, which no crash of the mall reaches. */
export interface TestBank {
  readonly bank: SandboxBank;
  /** The `Channels.Sandbox` block of the pay rpc, but for the address that is notified. */
  readonly block: { readonly Gateway: string; readonly AppId: string; readonly Secret: string };
  /** Its events that the mall has said it has taken. */
  readonly acknowledged: ReadonlySet<string>;
  /** The bank's own books of these trades. */
  trades(outTradeNos: readonly string[]): Promise<Map<string, BankTrade>>;
  stop(): Promise<void>;
}

/** Opens a bank on a free port, its records in memory. */
export async function startTestBank(): Promise<TestBank> {
  const runtime = systemRuntime;
  const database = await openDatabase({ dataSource: "sqlite::memory:", runtime });
  const acknowledged = new Set<string>();
  let url = "";
  const bank = createSandboxBank({
    appId: APP_ID,
    secret: SECRET,
    store: await openSqliteBankStore(database),
    runtime,
    http: listened(acknowledged),
    log: silentLogger,
    cashierUrl: (outTradeNo) => `${url}/sandbox/cashier/${outTradeNo}`,
  });
  const server = createRestServer({
    runtime,
    log: silentLogger,
    host: "127.0.0.1",
    port: 0,
    timeoutMs: 3000,
    bodyBytesMax: 65_536,
    concurrentMax: 1000,
    routes: sandboxRoutes(bank, runtime),
  });
  url = await server.start();
  await bank.start();
  return {
    bank,
    acknowledged,
    block: { Gateway: `${url}/sandbox`, AppId: APP_ID, Secret: SECRET },
    trades: async (outTradeNos) => {
      const trades = new Map<string, BankTrade>();
      for (const outTradeNo of outTradeNos) {
        const trade = await bank.trade(outTradeNo);
        if (trade !== undefined) trades.set(outTradeNo, trade);
      }
      return trades;
    },
    stop: async () => {
      await server.stop(0);
      await bank.close();
      await database.close();
    },
  };
}

/** What carries notifications, and takes down those that were accepted. */
function listened(acknowledged: Set<string>): HttpTransport {
  const wire = createNetworkTransport({ runtime: systemRuntime });
  return {
    send: async (request, limits) => {
      const answer = await wire.send(request, limits);
      const { id } = JSON.parse(Buffer.from(request.body ?? "").toString("utf8")) as { id?: string };
      if (answer.status === 200 && id !== undefined) acknowledged.add(id);
      return answer;
    },
  };
}
