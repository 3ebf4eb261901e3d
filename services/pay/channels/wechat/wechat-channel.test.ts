import { Call } from "@mall/kit/call";
import { describeChannel, tradeRef } from "../test-channel-conformance.ts";
import { openWechatWorld } from "./test-wechat-world.ts";

const call = new Call();

describeChannel("wechat, by public keys", () => openWechatWorld("public-key"));
describeChannel("wechat, by certificates", async () => {
  const world = await openWechatWorld("certificate");
  // So that what fails next is what a test asks, not what the channel asks first.
  await world.channel.query(call, tradeRef("NONE01"));
  return world;
});
