import { AppError } from "@mall/kit/errors";
import { createNetworkTransport, type HttpTransport } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import {
  askAccount,
  type Channel,
  type ChannelsConfig,
  createChannels,
  isTakenNowhere,
  keysEndOf,
} from "@mall/pay/channels";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";

/** How long a channel may take to answer, milliseconds. */
const ANSWER_MS_MAX = 5_000;
/** What a mall refuses a notification with that nobody signed: so it is a mall's address. */
const UNSIGNED = "NOTIFY_FORGED";

/**
 * Looks at each account at a channel: whether the channel knows it and its keys, their end, and its notify URL; and
 * whether any of them takes what new payments are in.
 */
export async function checkChannels(
  config: ChannelsConfig,
  currency: string,
  runtime: Runtime,
): Promise<Finding[]> {
  const http = createNetworkTransport({ runtime });
  try {
    const channels = [...createChannels(config, { runtime, http, log: silentLogger }).values()];
    const found = await Promise.all(channels.map((channel) => checkChannel(channel, { runtime, http })));
    return [...found.flat(), ...checkCurrency(channels, currency)];
  } catch (error) {
    return [failure(error)];
  }
}

function checkCurrency(channels: readonly Channel[], currency: string): Finding[] {
  if (!isTakenNowhere(channels, currency)) return [];
  const fix = "correct Currency, or add an account that takes it, as those of Stripe do";
  return [fail(`no channel takes ${currency}, what new payments are in`, fix)];
}

interface Outside {
  readonly runtime: Runtime;
  readonly http: HttpTransport;
}

async function checkChannel(channel: Channel, outside: Outside): Promise<Finding[]> {
  return [
    await checkAccount(channel, outside.runtime),
    ...checkKeysEnd(channel, outside.runtime.now()),
    ...(await checkNotifyUrl(channel, outside)),
  ];
}

/** Asks about a trade that is not there: whoever answers that with a signature knows the account. */
async function checkAccount(channel: Channel, runtime: Runtime): Promise<Finding> {
  const { name } = channel;
  const answer = await askAccount(channel, runtime);
  if (answer.kind === "yes") return ok(`channel ${name}: knows the account, and its keys fit`);
  if (answer.kind === "no") {
    const what = `channel ${name} refuses the account: ${answer.reason}: ${answer.message}`;
    return fail(what, "compare the account's numbers and keys with those at the channel");
  }
  const why = answer.cause instanceof Error ? `: ${answer.cause.message}` : "";
  const fix =
    "is its Gateway reachable, is this machine's clock right, and are the keys those of the account?";
  return fail(`channel ${name} gives no answer that can be believed${why}`, fix);
}

function checkKeysEnd(channel: Channel, now: number): Finding[] {
  const { name } = channel;
  const { state, endAt } = keysEndOf(channel, now);
  if (endAt === undefined) return [];
  const end = new Date(endAt).toISOString().slice(0, 10);
  const fix =
    "add the next one to its keys: both are taken until then, and no restart is needed with KeysFile";
  if (state === "ended")
    return [fail(`channel ${name}: its last key or certificate of a kind ended on ${end}`, fix)];
  if (state === "ending")
    return [warn(`channel ${name}: its last key or certificate of a kind ends on ${end}`, fix)];
  return [ok(`channel ${name}: its keys last until ${end}`)];
}

/** A channel can only post to an address that leads to a mall with this account. */
async function checkNotifyUrl({ name, notifyUrl: url }: Channel, { http }: Outside): Promise<Finding[]> {
  if (url === undefined) return [];
  const told = `channel ${name}: its NotifyUrl ${url}`;
  try {
    const request = { method: "POST", url, headers: { "content-type": "application/json" } } as const;
    const { status, body } = await http.send(
      { ...request, body: Buffer.from("{}") },
      { timeoutMs: ANSWER_MS_MAX },
    );
    if (Buffer.from(body).toString("utf8").includes(UNSIGNED)) return [ok(`${told} leads to a mall`)];
    return [
      warn(
        `${told} answers with ${status}, as no mall with this account does`,
        "correct NotifyUrl, or the proxy in front",
      ),
    ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [
      warn(
        `${told} cannot be reached from here`,
        "start the mall, or correct NotifyUrl: lost notifications are asked for",
      ),
    ];
  }
}
