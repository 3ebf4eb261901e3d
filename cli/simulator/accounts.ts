import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@mall/kit/errors";

/** The channels that a simulator is the other side of. */
export const SIMULATED = ["alipay", "wechat", "stripe"] as const;
export type Simulated = (typeof SIMULATED)[number];

/** Of a simulator, against the channels' pace: their days pass in less than a second. */
export const SPEED_MAX = 1_000_000;

/** A simulator and what the mall's account there is made of. */
export interface AtSimulator {
  readonly url: string;
  /** The folder with what the merchants have in hand. */
  readonly merchantDir: string;
  /** Address of the mall's gateway, without a slash at its end: where notifications are to be posted. */
  readonly mallUrl: string;
  /** Behind the names of the accounts, so that nobody takes them for real ones; none by default. */
  readonly suffix?: string;
}

/** What of the `Channels` block of a mall is the simulator's merchant at one channel. */
export async function channelsBlock(channel: Simulated, simulator: AtSimulator): Promise<object> {
  if (channel === "alipay") return { Alipay: [alipayAccount(simulator)] };
  if (channel === "wechat") return { WechatPay: [wechatAccount(simulator)] };
  return { Stripe: [await stripeAccount(simulator)] };
}

function nameOf({ suffix = "" }: AtSimulator, channel: Simulated): string {
  return channel + suffix;
}

function notifyUrl(simulator: AtSimulator, channel: Simulated): string {
  return `${simulator.mallUrl}/api/pay/notify/${nameOf(simulator, channel)}`;
}

function alipayAccount(simulator: AtSimulator): object {
  const { text, values } = merchantIn(simulator, "alipay");
  const NotifyUrl = notifyUrl(simulator, "alipay");
  const Keys = {
    PrivateKeys: [{ PrivateKey: text("private-key.pem") }],
    AlipayPublicKeys: [{ PublicKey: text("alipay-public-key.pem") }],
  };
  const { appId: AppId, sellerId: SellerId } = values;
  const Name = nameOf(simulator, "alipay");
  return { Name, Gateway: `${simulator.url}/gateway.do`, AppId, SellerId, NotifyUrl, Keys };
}

function wechatAccount(simulator: AtSimulator): object {
  const { text, values } = merchantIn(simulator, "wechat");
  const NotifyUrl = notifyUrl(simulator, "wechat");
  const Keys = {
    MerchantKeys: [{ Serial: values.serial, PrivateKey: text("private-key.pem") }],
    ApiV3Keys: [{ Key: values.apiV3Key }],
    PublicKeys: [{ Id: values.publicKeyId, Key: text("public-key.pem") }],
  };
  const Name = nameOf(simulator, "wechat");
  return { Name, Gateway: simulator.url, MchId: values.mchid, AppId: values.appid, NotifyUrl, Keys };
}

/** At Stripe the merchant says where notifications go, and is given the secret that they are signed with. */
async function stripeAccount(simulator: AtSimulator): Promise<object> {
  const { values } = merchantIn(simulator, "stripe");
  const { url: Gateway } = simulator;
  const url = notifyUrl(simulator, "stripe");
  // Who was killed before the secret was written down is told it once more, of the same endpoint.
  const key = `endpoint-${createHash("sha256").update(url).digest("hex")}`;
  const response = await fetch(`${Gateway}/v1/webhook_endpoints`, {
    method: "POST",
    headers: { authorization: `Bearer ${values.secretKey}`, "idempotency-key": key },
    body: new URLSearchParams({ url, "enabled_events[0]": "*" }),
  }).catch((cause: unknown) => {
    const text = `the simulator at ${Gateway} does not answer`;
    throw new AppError("FAILED_PRECONDITION", "SIMULATOR_SILENT", text, { cause });
  });
  if (!response.ok) {
    throw new AppError(
      "FAILED_PRECONDITION",
      "SIMULATOR_REFUSES",
      `the simulator takes no webhook endpoint: ${response.status}`,
    );
  }
  const { secret } = (await response.json()) as { readonly secret: string };
  const Keys = { SecretKeys: [{ Key: values.secretKey }], WebhookSecrets: [{ Secret: secret }] };
  return { Name: nameOf(simulator, "stripe"), Gateway, SuccessUrl: "https://shop.example/paid", Keys };
}

function merchantIn({ merchantDir }: AtSimulator, channel: Simulated) {
  const text = (name: string): string => readFileSync(join(merchantDir, channel, name), "utf8");
  const values: Readonly<Record<string, string>> = JSON.parse(text("merchant.json"));
  return { text, values };
}
