import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createChannelSimulator,
  MemoryStore,
  type MerchantKey,
  type PlatformKey,
  type SimAccounts,
  type SimRecord,
} from "@mall/channel-sim/bank";
import { silentLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { KeyFiles } from "./key-files.ts";

/** What the accounts of a file of credentials are: made once, so that a seed has the same bytes in every process. */
interface Credentials {
  readonly accounts: Required<SimAccounts>;
  /** As the block `Channels` of the pay rpc has them. */
  readonly mall: {
    readonly Alipay: readonly (Named & { readonly AppId: string })[];
    readonly WechatPay: readonly (Named & { readonly MchId: string; readonly Keys: WechatKeys })[];
    readonly Stripe: readonly (Named & { readonly Keys: object })[];
  };
  /** What takes the place of others in a run: WeChat Pay's next certificate, and a merchant's next key there. */
  readonly next: {
    readonly platformKey: PlatformKey;
    readonly merchantKey: WechatMerchantKey;
    readonly merchantPublicKey: string;
  };
}

interface WechatMerchantKey {
  readonly Serial: string;
}

interface WechatKeys {
  readonly MerchantKeys: readonly WechatMerchantKey[];
}

interface Named {
  readonly Name: string;
}

/** The banks; each account is at one. */
export type BankName = "alipay" | "wechat" | "stripe";

/** An account of the mall's at a bank. */
export interface ChannelAccount {
  /** The mall's own name of it. */
  readonly name: string;
  readonly bank: BankName;
  /** What the bank calls it: an app, a merchant number, or an account. */
  readonly id: string;
  /** How its buyers may pay. */
  readonly products: readonly string[];
}

/** Keys that may be replaced in the middle of a run, and whose accounts have them in files for that. */
interface ReplaceableKeys {
  readonly files: KeyFiles;
  /** The merchant number whose notifications WeChat Pay signs by certificates, and the next of these. */
  readonly rotated: string;
  readonly nextPlatformKey: PlatformKey;
  readonly wechat: {
    readonly account: string;
    readonly mchid: string;
    /** As its file has them, but for the merchant's own. */
    readonly keys: object;
    readonly first: WechatMerchantKey;
    readonly next: WechatMerchantKey;
    /** The next one, as WeChat Pay knows it. */
    readonly public: MerchantKey;
  };
  readonly stripe: {
    readonly account: string;
    readonly endpoint: string;
    /** As its file has them, but for the webhooks' secrets. */
    readonly keys: object;
    readonly webhookSecret: string;
  };
}

/** The mall's accounts at real channels, both sides of them. */
export interface ChannelAccounts {
  readonly list: readonly ChannelAccount[];
  /** As the banks know them. */
  readonly known: SimAccounts;
  /** What the banks have kept before a run begins. */
  readonly records: readonly SimRecord[];
  /** For the block `Channels` of the pay rpc. */
  readonly block: object;
  readonly replaceable: ReplaceableKeys;
}

const CREDENTIALS = JSON.parse(
  readFileSync(join(import.meta.dirname, "credentials.json"), "utf8"),
) as Credentials;

const PRODUCTS: Readonly<Record<BankName, readonly string[]>> = {
  // Of a code the bank knows before its buyer does, so most can go wrong with it.
  alipay: ["qr", "qr", "qr", "page", "wap", "app"],
  wechat: ["qr", "jsapi", "app", "h5"],
  stripe: ["checkout", "intent"],
};

/** As docs/channels.md has an endpoint made. */
const STRIPE_EVENTS = [
  ...["checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded"],
  ...["checkout.session.async_payment_failed", "payment_intent.succeeded", "payment_intent.canceled"],
  ...["refund.created", "refund.updated", "refund.failed"],
  ...["charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"],
  ...["charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"],
];

let made: Promise<ChannelAccounts> | undefined;

/** Makes the accounts, once for all runs of a process. */
export function channelAccounts(): Promise<ChannelAccounts> {
  made ??= make();
  return made;
}

async function make(): Promise<ChannelAccounts> {
  const { accounts, mall, next } = CREDENTIALS;
  const { records, id: endpoint, secret: webhookSecret } = await makeStripeEndpoint(accounts);
  const files = new KeyFiles();
  const inFile = ({ Keys, ...rest }: Named & { readonly Keys: object }): object => {
    return { ...rest, KeysFile: files.pathOf(rest.Name) };
  };
  const [wechat, byCertificates] = mall.WechatPay;
  const [ofStripe] = mall.Stripe;
  const [first] = wechat?.Keys.MerchantKeys ?? [];
  if (wechat === undefined || byCertificates === undefined || ofStripe === undefined || first === undefined)
    throw new Error("credentials.json lacks an account whose keys are replaced");
  const account = (bank: BankName, name: string, id: string): ChannelAccount => {
    return { name, bank, id, products: PRODUCTS[bank] };
  };
  const [stripe] = accounts.stripe;
  return {
    list: [
      ...mall.Alipay.map(({ Name, AppId }) => account("alipay", Name, AppId)),
      ...mall.WechatPay.map(({ Name, MchId }) => account("wechat", Name, MchId)),
      ...mall.Stripe.map(({ Name }) => account("stripe", Name, stripe?.id ?? "")),
    ],
    known: accounts,
    records,
    block: {
      ...mall,
      WechatPay: mall.WechatPay.map((each) => (each === wechat ? inFile(each) : each)),
      Stripe: mall.Stripe.map(inFile),
    },
    replaceable: {
      files,
      rotated: byCertificates.MchId,
      nextPlatformKey: next.platformKey,
      wechat: {
        ...{ account: wechat.Name, mchid: wechat.MchId, keys: wechat.Keys, first, next: next.merchantKey },
        public: { serial: next.merchantKey.Serial, publicKey: next.merchantPublicKey },
      },
      stripe: { account: ofStripe.Name, endpoint, keys: ofStripe.Keys, webhookSecret },
    },
  };
}

/** Stripe makes the secret of an endpoint itself; what it keeps of that, every run begins with. */
async function makeStripeEndpoint(accounts: Required<SimAccounts>) {
  const store = new MemoryStore();
  const simulator = createChannelSimulator({
    accounts,
    store,
    runtime: SAME_RUNTIME,
    http: { send: () => Promise.reject(new Error("nothing is told while accounts are made")) },
    log: silentLogger,
    publicUrl: () => "",
  });
  const form = new URLSearchParams({ url: "http://mall.sim/api/pay/notify/stripe" });
  for (const event of STRIPE_EVENTS) form.append("enabled_events[]", event);
  const { body } = await simulator.answer({
    method: "POST",
    url: "/v1/webhook_endpoints",
    headers: {
      authorization: `Bearer ${accounts.stripe[0]?.secretKey}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: Buffer.from(form.toString()),
  });
  const endpoint = JSON.parse(Buffer.from(body).toString("utf8")) as Readonly<
    Record<"id" | "secret", string>
  >;
  return { records: store.records, id: endpoint.id, secret: endpoint.secret };
}

/** Without time or chance. */
const SAME_RUNTIME: Runtime = {
  now: () => 0,
  elapsed: () => 0,
  randomBytes: (length) => Buffer.alloc(length, 0x5a),
  setTimer: () => ({ clear: () => {} }),
  setImmediate: () => {},
};
