import { AppError } from "@mall/kit/errors";
import type { PrepayResponse } from "@mall/pay/api";
import type { Simulated } from "../../simulator/accounts.ts";
import type { Transcript } from "../transcript.ts";

/** What a prepay tells the buyer. */
type Opened = Pick<PrepayResponse, "outTradeNo" | "credential">;

/** The buyer's and the operator's side of a simulator. */
export interface Buyer {
  /** Pays what a prepay has opened. */
  pay(opened: Opened): Promise<void>;
  /** Has the next so many notifications be lost. */
  loseNotifications(times: number): Promise<void>;
}

/** The buyer at one channel of a simulator; what is asked of it is shown. */
export function createBuyer(
  url: string,
  channel: Simulated,
  { fetch: show }: Pick<Transcript, "fetch">,
): Buyer {
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const answer = await show(`${url}/simulator/api/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (answer.ok) return;
    throw new AppError(
      "FAILED_PRECONDITION",
      "DEMO_FAILED",
      `the simulator refuses ${path}: ${await answer.text()}`,
    );
  };
  return {
    pay: ({ outTradeNo, credential }) => {
      // Stripe's own number is the last part of its page's address.
      const number = channel === "stripe" ? credential.split("/").at(-1) : outTradeNo;
      return post("pay", { channel, outTradeNo: number });
    },
    loseNotifications: (times) => post("fault", { channel, fault: "notify.lost", times }),
  };
}
