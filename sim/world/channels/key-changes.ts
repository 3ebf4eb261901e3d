import type { ChannelSimulator } from "@mall/channel-sim/bank";
import type { Kernel, Random } from "../../kernel/index.ts";
import type { ChannelAccounts } from "./accounts.ts";

/** An operator brings a new key to the mall's file so long after the bank has it, virtual milliseconds. */
const BROUGHT_MS = [500, 5_000] as const;
/** And has the bank end the old one when nothing is signed with that any more: no process reads a file later than this. */
const ENDED_MS = [10_000, 20_000] as const;
/** And takes it out of the file when it comes to mind. */
const TAKEN_OUT_MS = [2_000, 60_000] as const;

export interface KeyChangesOptions {
  readonly kernel: Kernel;
  readonly simulator: ChannelSimulator;
  readonly accounts: ChannelAccounts;
}

/** Keys of accounts that are replaced in the middle of payments, step by step as docs/channels.md has it. */
export class KeyChanges {
  readonly #kernel: Kernel;
  readonly #simulator: ChannelSimulator;
  readonly #accounts: ChannelAccounts;
  readonly #begun = new Set<string>();
  #webhookSecret: string;

  constructor({ kernel, simulator, accounts }: KeyChangesOptions) {
    this.#kernel = kernel;
    this.#simulator = simulator;
    this.#accounts = accounts;
    const { wechat, stripe } = accounts.replaceable;
    this.#webhookSecret = stripe.webhookSecret;
    this.#writeMerchantKeys([wechat.first]);
    this.#writeSecrets([stripe.webhookSecret]);
  }

  /** Whether WeChat Pay signs for a merchant by a certificate that began in this run. */
  isRotated(mchid: string): boolean {
    return this.#begun.has(`certificate of ${mchid}`);
  }

  /** Begins to replace a key of WeChat Pay's, or the merchant's there; each is replaced once. */
  async changeAtWechat(random: Random): Promise<void> {
    const { rotated, wechat } = this.#accounts.replaceable;
    if (random.chance(0.5)) {
      if (!this.#begins(`certificate of ${rotated}`)) return;
      await this.#simulator.rotate(rotated);
      return;
    }
    if (!this.#begins("merchant's key")) return;
    this.#simulator.addMerchantKey(wechat.mchid, wechat.public);
    await this.#pause(random, BROUGHT_MS);
    this.#writeMerchantKeys([wechat.first, wechat.next]);
    await this.#pause(random, ENDED_MS);
    this.#kernel.log("operator", "has WeChat Pay end the merchant's old key");
    this.#simulator.endMerchantKeys(wechat.mchid);
    await this.#pause(random, TAKEN_OUT_MS);
    this.#writeMerchantKeys([wechat.next]);
  }

  /** Begins to roll the secret of Stripe's webhooks. */
  async changeAtStripe(random: Random): Promise<void> {
    if (!this.#begins("webhook secret")) return;
    const { endpoint } = this.#accounts.replaceable.stripe;
    const old = this.#webhookSecret;
    this.#webhookSecret = await this.#simulator.roll(endpoint);
    await this.#pause(random, BROUGHT_MS);
    this.#writeSecrets([old, this.#webhookSecret]);
    await this.#pause(random, ENDED_MS);
    this.#kernel.log("operator", "has Stripe end the old webhook secret");
    await this.#simulator.endRolled(endpoint);
    await this.#pause(random, TAKEN_OUT_MS);
    this.#writeSecrets([this.#webhookSecret]);
  }

  #begins(what: string): boolean {
    if (this.#begun.has(what)) return false;
    this.#begun.add(what);
    this.#kernel.log("operator", `replaces the ${what}`);
    return true;
  }

  #pause(random: Random, [low, high]: readonly [number, number]): Promise<void> {
    return this.#kernel.pause(random.int(low, high));
  }

  #writeMerchantKeys(MerchantKeys: readonly object[]): void {
    const { files, wechat } = this.#accounts.replaceable;
    files.write(wechat.account, { ...wechat.keys, MerchantKeys });
  }

  #writeSecrets(secrets: readonly string[]): void {
    const { files, stripe } = this.#accounts.replaceable;
    const WebhookSecrets = secrets.map((Secret) => ({ Secret }));
    files.write(stripe.account, { ...stripe.keys, WebhookSecrets });
  }
}
