import { z } from "zod";

/** Of attempts, notifications and paths: `pay_attempt.channel` takes no more. */
const LENGTH_MAX = 16;

/**
 * The name of an account at a channel: the channel's own for the first, `alipay`, and one that begins with it for
 * others, `alipay-hk`. Attempts, refunds and notifications keep it, so an account that has taken money keeps its name.
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

/** Accounts of one channel, each of which has another name. */
export function accountsOf<Account extends z.ZodType<{ readonly Name: string }>>(account: Account) {
  const differ = (accounts: readonly { readonly Name: string }[]): boolean =>
    new Set(accounts.map(({ Name }) => Name)).size === accounts.length;
  return z.array(account).refine(differ, "must each have another Name").default([]);
}
