import type { Call } from "@mall/kit/call";
import { askAccount, keysEndOf } from "../../channels/accounts/account-state.ts";
import type { Channel } from "../../channels/channel.ts";
import { isOwnGateway } from "../../exchange/own-gateway.ts";
import type { ServiceContext } from "../context.ts";
import type { ChannelAccount, ChannelsRequest, ChannelsResponse } from "../gen/pay.ts";

/** The accounts at channels that this process is configured with, without their secrets. */
export async function channels(
  { channels, runtime }: Pick<ServiceContext, "channels" | "runtime">,
  _call: Call,
  { ask }: ChannelsRequest,
): Promise<ChannelsResponse> {
  const accounts = [...channels.values()].map(async (channel): Promise<ChannelAccount> => {
    const { name, source, products } = channel;
    const { notifyUrl: posted = "" } = channel;
    const notifyUrl = isOwnGateway(posted) ? "" : posted;
    const { state, endAt = 0 } = keysEndOf(channel, runtime.now());
    const keys = { keysEnd: Math.floor(endAt / 1000), keysState: state };
    const answer = ask ? await answerOf(channel, runtime) : { answer: "", error: "" };
    return { name, source, products: [...products], notifyUrl, ...keys, ...answer };
  });
  return { data: await Promise.all(accounts) };
}

async function answerOf(
  channel: Channel,
  runtime: ServiceContext["runtime"],
): Promise<Pick<ChannelAccount, "answer" | "error">> {
  const answer = await askAccount(channel, runtime);
  if (answer.kind === "yes") return { answer: "knows", error: "" };
  if (answer.kind === "no") return { answer: "refuses", error: `${answer.reason}: ${answer.message}` };
  return { answer: "silent", error: answer.cause instanceof Error ? answer.cause.message : "" };
}
