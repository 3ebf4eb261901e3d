import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import type { OpenApiPart, Route } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import {
  createSandboxBank,
  openSqliteBankStore,
  sandboxOpenApi,
  sandboxRoutes,
} from "@mall/pay/sandbox/bank";

/** A sandbox bank to be served by some HTTP port. */
export interface OpenSandbox {
  readonly routes: readonly Route[];
  readonly openApi: readonly OpenApiPart[];
  /** Delivers notifications from now on, also what an earlier process left. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a bank with its records in a database of its own. */
export async function openSandbox(options: {
  readonly appId: string;
  readonly secret: string;
  readonly dataSource: string;
  /** Address that buyers reach the bank at, without a trailing slash; asked when somebody needs it. */
  readonly publicUrl: () => string;
  readonly runtime: Runtime;
  readonly http: HttpTransport;
  readonly log: Logger;
}): Promise<OpenSandbox> {
  const { appId, secret, dataSource, publicUrl, runtime, http, log } = options;
  const database = await openDatabase({ dataSource, runtime });
  const bank = createSandboxBank({
    appId,
    secret,
    store: await openSqliteBankStore(database),
    runtime,
    http,
    log: log.child({ part: "sandbox" }),
    cashierUrl: (outTradeNo) => `${publicUrl()}/sandbox/cashier/${outTradeNo}`,
  });
  return {
    routes: sandboxRoutes(bank, runtime),
    openApi: [sandboxOpenApi],
    start: () => bank.start(),
    close: async () => {
      await bank.close();
      await database.close();
    },
  };
}
