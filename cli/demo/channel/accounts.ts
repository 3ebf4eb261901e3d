import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@mall/kit/errors";

/** The channels that a simulator is the other side of. */
export const SIMULATED = ["alipay", "wechat", "stripe"] as const;
export type Simulated = (typeof SIMULATED)[number];

/** A simulator and what the mall's account there is made of. */
export interface AtSimulator {
  readonly url: string;
  /** The folder with what the merchants have in hand. */
  readonly merchantDir: string;
  /** Where notifications are to be posted. */
  readonly notifyUrl: string;
}

/** The `Channels` block of a mall with the simulator's merchant at one channel. */
export async function channelsBlock(channel: Simulated, simulator: AtSimulator): Promise<object> {
  if (channel === "alipay") return { Alipay: [alipayAccount(simulator)] };
  if (channel === "wechat") return { WechatPay: [wechatAccount(simulator)] };
  return { Stripe: [await stripeAccount(simulator)] };
}

function alipayAccount({ url, merchantDir, notifyUrl: NotifyUrl }: AtSimulator): object {
  const { text, values } = merchantIn(merchantDir, "alipay");
  const Keys = {
    PrivateKeys: [{ PrivateKey: text("private-key.pem") }],
    AlipayPublicKeys: [{ PublicKey: text("alipay-public-key.pem") }],
  };
  const { appId: AppId, sellerId: SellerId } = values;
  return { Gateway: `${url}/gateway.do`, AppId, SellerId, NotifyUrl, Keys };
}

function wechatAccount({ url: Gateway, merchantDir, notifyUrl: NotifyUrl }: AtSimulator): object {
  const { text, values } = merchantIn(merchantDir, "wechat");
  const Keys = {
    MerchantKeys: [{ Serial: values.serial, PrivateKey: text("private-key.pem") }],
    ApiV3Keys: [{ Key: values.apiV3Key }],
    PublicKeys: [{ Id: values.publicKeyId, Key: text("public-key.pem") }],
  };
  return { Gateway, MchId: values.mchid, AppId: values.appid, NotifyUrl, Keys };
}

/** At Stripe the merchant says where notifications go, and is given the secret that they are signed with. */
async function stripeAccount({ url: Gateway, merchantDir, notifyUrl }: AtSimulator): Promise<object> {
  const { values } = merchantIn(merchantDir, "stripe");
  const response = await fetch(`${Gateway}/v1/webhook_endpoints`, {
    method: "POST",
    headers: { authorization: `Bearer ${values.secretKey}` },
    body: new URLSearchParams({ url: notifyUrl, "enabled_events[0]": "*" }),
  });
  if (!response.ok) {
    throw new AppError(
      "FAILED_PRECONDITION",
      "DEMO_FAILED",
      `the simulator takes no webhook endpoint: ${response.status}`,
    );
  }
  const { secret } = (await response.json()) as { readonly secret: string };
  const Keys = { SecretKeys: [{ Key: values.secretKey }], WebhookSecrets: [{ Secret: secret }] };
  return { Gateway, SuccessUrl: "https://shop.example/paid", Keys };
}

function merchantIn(merchantDir: string, channel: Simulated) {
  const text = (name: string): string => readFileSync(join(merchantDir, channel, name), "utf8");
  const values: Readonly<Record<string, string>> = JSON.parse(text("merchant.json"));
  return { text, values };
}
