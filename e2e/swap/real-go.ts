import { join } from "node:path";
import { startGoServer, startRedis, type TestRedis, whyNoMysql, whyNoRedis } from "@mall/kit/testing";
import type { Running } from "./go-api.ts";

const VARIABLE = "MALL_TEST_GO_MALL";

/** go-zero-mall's own programs, and the Redis server without which they do not start. */
export interface RealGo {
  /** Holds the programs `user.rpc`, `user.api` and so on. */
  readonly folder: string;
  readonly redis: TestRedis;
}

/** What stands for Go's side in a file of tests. */
interface GoSide {
  readonly title: string;
  readonly isReal: boolean;
  /** Why it cannot. */
  readonly skip: string | undefined;
  /** What the programs need; nothing for stand-ins. */
  start(): Promise<RealGo | undefined>;
}

const folder = process.env[VARIABLE];

/** The tests beside Go's processes run with stand-ins, and with the real ones where there are any. */
export const GO_SIDES: readonly GoSide[] = [
  { title: "stand-ins", isReal: false, skip: whyNoMysql(), start: async () => undefined },
  {
    title: "go-zero-mall's own processes",
    isReal: true,
    skip: folder === undefined ? `${VARIABLE} is not set` : (whyNoMysql() ?? whyNoRedis()),
    start: async () => (folder === undefined ? undefined : { folder, redis: await startRedis() }),
  },
];

/** The seed's: both sides must make the same moment of a row's times. */
export const SEED_PARAMETERS = "?charset=utf8mb4&parseTime=true&loc=Asia%2FShanghai";

/** Starts one of the programs with a configuration in which it listens on `port`. It is ended as operators end it. */
export async function startRealGo(
  { folder }: RealGo,
  { name, path, port }: { readonly name: string; readonly path: string; readonly port: number },
): Promise<Running> {
  const server = await startGoServer({ binary: join(folder, name) }, ["-f", path], port);
  return { stop: () => server.stop("SIGTERM") };
}
