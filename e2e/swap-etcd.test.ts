import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startEtcd, startMariadb, type TestMysql, whyNoEtcd } from "@mall/kit/testing";
import { createMallTables } from "./support/mall-tables.ts";
import { GO_SIDES, type RealGo } from "./swap/real-go.ts";
import { type Kind, type ProcessName, type SwapMall, startSwapMall } from "./swap/swap-mall.ts";
import { Traffic } from "./swap/traffic.ts";

const RPCS: readonly ProcessName[] = ["user.rpc", "product.rpc", "order.rpc", "pay.rpc"];
const LAPS = 3;

// Stand-ins register nowhere.
const real = GO_SIDES.find(({ isReal }) => isReal);

describe("swapping rpcs under the same etcd key, beside go-zero-mall's own processes", {
  skip: real?.skip ?? whyNoEtcd() ?? false,
  timeout: 120_000,
}, () => {
  let server: TestMysql;
  let go: RealGo | undefined;
  let mall: SwapMall;
  let traffic: Traffic;

  before(async () => {
    const [etcd, mysql] = [await startEtcd(), await startMariadb()];
    if ("skipped" in etcd) throw new Error(etcd.skipped);
    if ("skipped" in mysql) throw new Error(mysql.skipped);
    server = mysql;
    go = await real?.start();
    mall = await startSwapMall({ dataSource: await createMallTables(server), real: go, etcd }, () => "go");
    traffic = await Traffic.start(mall);
    await traffic.laps(LAPS);
  });
  after(async () => {
    await traffic.stop();
    await mall.stop();
    await go?.redis.stop();
    await server.stop();
  });

  const swapAll = async (names: readonly ProcessName[], kind: Kind): Promise<void> => {
    for (const name of names) {
      const endFirst = await mall.startBeside(name, kind);
      await traffic.laps(LAPS);
      await endFirst();
      await traffic.laps(LAPS);
    }
  };

  it("ours serve beside Go's and then alone, and no request meets a process that is away", async () => {
    await swapAll(RPCS, "ours");
    assert.equal(traffic.buyer.away, 0, "requests that met nobody");
  });

  // go-zero 1.3.2 registers before it listens, and its clients dial an address that refused only after a second.
  it("back to Go's likewise, where requests may wait for that", async () => {
    await swapAll(RPCS.toReversed(), "go");
  });
});
