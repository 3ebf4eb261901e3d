import assert from "node:assert/strict";
import { it } from "node:test";
import { type LogFields, type Logger, silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { RefusedNotifies } from "./refused-notifies.ts";

it("refused notifications are told of once a minute for each channel, with their number", () => {
  const runtime = createManualRuntime();
  const told: unknown[][] = [];
  const warn = ({ channel, count }: LogFields): void => void told.push([channel, count]);
  const log: Logger = { ...silentLogger, warn };
  const refused = new RefusedNotifies({ runtime, log });
  for (let time = 0; time < 3; time += 1) refused.add("wechat", new Error("forged"));
  refused.add("alipay", new Error("forged"));
  runtime.advance(60_000);
  refused.add("wechat", new Error("forged"));
  assert.deepEqual(told, [
    ["wechat", 1],
    ["alipay", 1],
    ["wechat", 3],
  ]);
});
