import assert from "node:assert/strict";
import { it } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { accountWith, KEYS } from "./alipay/test-alipay-world.ts";
import { channelsConfig } from "./config.ts";
import { channelExposures } from "./exposures.ts";

it("an account at a simulator is told of in pro, and nowhere else; one at the channel's own host is not", () => {
  const exposed = (gateways: readonly string[], mode: "pro" | "dev") => {
    const Alipay = gateways.map((Gateway, index) => accountWith(KEYS, { Name: `alipay-${index}`, Gateway }));
    return channelExposures(checkConfig("test", { Alipay }, channelsConfig), mode).map(
      ({ text }) => text.split(",")[0],
    );
  };
  const real = ["https://openapi.alipay.com/gateway.do", "https://open-sea-global.alipay.com/gateway.do"];
  const others = [
    "http://127.0.0.1:8891/gateway.do",
    "https://alipay.com.example/",
    "https://notalipay.com/",
  ];
  assert.deepEqual(exposed(real, "pro"), []);
  assert.deepEqual(exposed(others, "dev"), []);
  assert.deepEqual(exposed(others, "pro"), [
    "account alipay-0 of Channels.Alipay pays at 127.0.0.1:8891",
    "account alipay-1 of Channels.Alipay pays at alipay.com.example",
    "account alipay-2 of Channels.Alipay pays at notalipay.com",
  ]);
});
