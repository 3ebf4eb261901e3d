import { z } from "zod";

/** The longest name that fits `pay_attempt.channel`, the notifications and the notification path. */
const LENGTH_MAX = 16;

/**
 * The name of an account at a channel: the channel's own for the first, e.g. `alipay`, and one that starts with it for
 * others, e.g. `alipay-hk`. Attempts, refunds and notifications store it, so an account that has taken money must keep
 * its name.
 */
export function accountName(channel: string) {
  return z
    .string()
    .max(LENGTH_MAX, `must have at most ${LENGTH_MAX} characters`)
    .regex(
      new RegExp(`^${channel}(-[a-z0-9]+)*$`),
      `must be ${channel}, or begin with ${channel}- and go on with a-z and 0-9`,
    )
    .default(channel);
}

/** A list of accounts at one channel, with distinct names. */
export function accountsOf<Account extends z.ZodType<{ readonly Name: string }>>(account: Account) {
  const differ = (accounts: readonly { readonly Name: string }[]): boolean =>
    new Set(accounts.map(({ Name }) => Name)).size === accounts.length;
  return z.array(account).refine(differ, "must each have another Name").default([]);
}
