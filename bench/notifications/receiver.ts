import { Call } from "@mall/kit/call";
import { checkConfig, rpcClientConfig } from "@mall/kit/config";
import { createNetworkTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { type AnyRpcProcess, createBreakers, createLocalPlacement } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest } from "@mall/kit/store";
import { orderRpc } from "@mall/order/rpc/main";
import { channelsConfig, createChannels } from "@mall/pay/channels";
import { type NotifyRequest, PayService } from "@mall/pay/rpc";
import { payRpc } from "@mall/pay/rpc/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";

/** What the receiver is started with, as JSON. */
export interface ReceiverOptions {
  readonly dataSource: string;
  /** The block `Channels`. */
  readonly channels: object;
}

/** Some notifications to take, and how. */
export interface Batch {
  readonly work: "verify" | "store";
  readonly notifications: readonly NotifyRequest[];
}

/** How that went. */
export interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Resident memory once garbage is collected, MiB. */
  readonly residentMiB: number;
}

/** As many as a channel has on their way to a busy shop. */
const IN_FLIGHT = 64;
const ANSWER_MS_MAX = 120_000;

/** Takes notifications as the pay rpc does, for the process that started it: jobs are written and not run. */
const { dataSource, channels } = JSON.parse(process.argv[2] ?? "{}") as ReceiverOptions;
const works = { store: await openPay(), verify: openChannels() };
process.on("message", (batch: Batch) => {
  void take(batch).then((taken) => process.send?.(taken));
});
process.send?.("ready");

async function take({ work, notifications }: Batch): Promise<Taken> {
  const rest = notifications.values();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const notification of rest) await works[work](notification);
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const { user: inMall, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  return {
    seconds,
    cpuSeconds: (inMall + system) / 1_000_000,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  };
}

async function openPay() {
  const runtime = systemRuntime;
  const log = silentLogger;
  const placement = createLocalPlacement({
    ...{ runtime, log, serverTimeoutMs: ANSWER_MS_MAX },
    breakers: createBreakers({ runtime, log, observer: noopObserver }),
  });
  const database = await placement.database(dataSource);
  const processes: readonly AnyRpcProcess[] = [userRpc, productRpc, orderRpc, payRpc];
  for (const process of processes) {
    for (const set of process.migrations) await migrateToLatest(database, set);
    const own = { Name: process.name, ListenOn: "127.0.0.1:0", Mysql: { DataSource: dataSource } };
    const neighbours = { UserRpc: {}, ProductRpc: {}, OrderRpc: {} };
    const config = checkConfig("bench", { ...own, ...neighbours, Channels: channels }, process.config);
    placement.provide(process.service, await process.build(config, placement));
  }
  const client = placement.client(
    PayService,
    checkConfig("bench", { Timeout: ANSWER_MS_MAX }, rpcClientConfig),
    "bench",
  );
  return (notification: NotifyRequest) => client.notify(callNow(), notification);
}

function openChannels() {
  const http = createNetworkTransport({ runtime: systemRuntime });
  const accounts = createChannels(channelsConfig.parse(channels), {
    ...{ runtime: systemRuntime, http, log: silentLogger },
  });
  return ({ channel, headers, body }: NotifyRequest) => {
    const told = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
    const now = systemRuntime.now();
    return accounts.get(channel)?.parseNotify(callNow(), { headers: told, body }, now);
  };
}

function callNow(): Call {
  return new Call({ deadline: systemRuntime.now() + ANSWER_MS_MAX });
}
