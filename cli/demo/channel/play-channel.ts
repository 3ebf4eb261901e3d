import { rmSync } from "node:fs";
import { pause } from "@mall/kit/async";
import { silentLogger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { channelsConfig, dayAt, daysBetween } from "@mall/pay/channels";
import { databasePathIn } from "../../all-in-one/data-dir.ts";
import type { FoundSecret } from "../../operator/access-secret.ts";
import { billsComparedLines } from "../../operator/bill-text.ts";
import { compareAccount } from "../../operator/compare-account.ts";
import type { PaySource } from "../../operator/pay-source.ts";
import { channelsBlock, type Simulated } from "../../simulator/accounts.ts";
import { freePort } from "../free-port.ts";
import { createOperators, type Operators } from "../operators.ts";
import { type OwnMall, startOwnMall } from "../own-mall.ts";
import {
  type Customer,
  caller,
  failed,
  type JourneyOptions,
  openPayment,
  orderProduct,
  PAID,
  putUpProduct,
  signUp,
  step,
} from "../steps.ts";
import { makeTemporaryFolder } from "../temporary-folder.ts";
import { createTranscript, type Paper } from "../transcript.ts";
import { type Buyer, createBuyer } from "./buyer.ts";

const PARTLY_REFUNDED = 4;
/** Of 19.90, in fen. */
const REFUND = 500;
/** As often as a channel of the simulator sends one, and more. */
const LOST_TIMES = 20;
/** A lost notification is made up for by the first question, some seconds later. */
const TOLD_MS_MAX = 60_000;
const LOOK_MS = 250;
const DAY_MS = 24 * 3_600_000;

/** What is played at a channel, by a mall and a simulator that live as long as the demo. */
interface Play extends JourneyOptions {
  readonly channel: Simulated;
  readonly buyer: Buyer;
  readonly customer: Customer;
  readonly operators: Operators;
  readonly pid: number;
}

/**
 * Plays purchases at one real channel's simulator: one that is notified and partly refunded, and one whose notification
 * is lost; and compares its bill with them.
 *
 * @throws AppError FAILED_PRECONDITION DEMO_FAILED naming the step and what was not as expected.
 */
export async function playChannel(channel: Simulated, paper: Paper, runtime: Runtime): Promise<void> {
  const dataDir = makeTemporaryFolder("mall-simulator-");
  // What its certificates are made with nobody else needs.
  const { startSimulator } = await import("@mall/channel-sim");
  const own = { host: "127.0.0.1", port: 0, publicUrl: "", speed: 60 };
  const simulator = await startSimulator({ ...own, dataDir, runtime, log: silentLogger });
  try {
    const port = await freePort();
    const Channels = await channelsBlock(channel, { ...simulator, mallUrl: `http://127.0.0.1:${port}` });
    const mall = await startOwnMall(runtime, { Port: port, Channels });
    try {
      paper.write(`Talking to ${mall.text}, and to ${channel} as the simulator at ${simulator.url} is it\n`);
      await playAt(channel, { mall, url: simulator.url, Channels }, { paper, runtime });
    } finally {
      await mall.stop();
    }
  } finally {
    await simulator.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  paper.write(`\n${paper.style("green", `paid and refunded at ${channel}`)}\n`);
}

async function playAt(
  channel: Simulated,
  { mall, url, Channels }: { readonly mall: OwnMall; readonly url: string; readonly Channels: object },
  { paper, runtime }: { readonly paper: Paper; readonly runtime: Runtime },
): Promise<void> {
  const transcript = createTranscript(paper, runtime);
  const secret: FoundSecret | undefined = mall.secret();
  const options = { urls: mall.urls, secret, transcript, runtime };
  const customer = await signUp(options);
  const operators = createOperators(customer, secret, runtime);
  transcript.note(operators.text);
  const pid = await putUpProduct(options, operators);
  const buyer = createBuyer(url, channel, transcript);
  const play = { ...options, channel, buyer, customer, operators, pid };
  await refundPart(play, await payOne(play, "The channel notifies the mall: the order is paid"));
  await step(play, "Lose the channel's notifications from now on", () => buyer.loseNotifications(LOST_TIMES));
  await payOne(play, "Nobody notifies the mall, which asks the channel by itself: the order is paid");
  const source = {
    dataSource: `sqlite:${databasePathIn(mall.dataDir)}`,
    channels: channelsConfig.parse(Channels),
  };
  await step(play, "Compare the channel's own bill with the mall's payments", () =>
    compareBill(play, source),
  );
}

/** Of yesterday too, as midnight may have been in between. */
async function compareBill({ channel, runtime, transcript }: Play, source: PaySource): Promise<void> {
  const compared = await compareAccount(source, runtime, {
    ...{ account: channel, bookFees: true },
    days: (aheadMs) => daysBetween(dayAt(runtime.now() - DAY_MS, aheadMs), dayAt(runtime.now(), aheadMs)),
    report: ({ kind, text }) => transcript.note(`${kind}: ${text}`),
  });
  transcript.note(billsComparedLines(compared, true).join("\n"));
  if (compared.differences > 0) throw failed(transcript.step, "the channel says something else");
}

/** Buys one piece and pays it at the channel; returns the payment's id once its order is paid. */
async function payOne(play: Play, title: string): Promise<number> {
  const { customer, channel, buyer, pid } = play;
  const orderId = await orderProduct(play, customer, pid);
  const id = await openPayment(play, customer, orderId);
  const pays = createPayHttpClient(caller(play, "pay", customer.token));
  const opened = await step(play, `Choose to pay at ${channel}`, () => pays.prepay({ id, channel }));
  await step(play, "Pay, as the buyer does with a phone or a card", () => buyer.pay(opened));
  const quiet = createOrderHttpClient(quietly(play, "order"));
  await untilTold(play, async () => (await quiet.detail({ id: orderId })).status === PAID);
  const orders = createOrderHttpClient(caller(play, "order", customer.token));
  await step(play, title, () => orders.detail({ id: orderId }));
  return id;
}

async function refundPart(play: Play, id: number): Promise<void> {
  const { customer, operators } = play;
  const refund = { id, refundNo: `demo-${id}`, amount: REFUND, reason: "one bag was torn" };
  const staff = createPayHttpClient(caller(play, "pay", operators.staff));
  await step(play, "Refund a part of it (as staff)", () => staff.refund(refund), operators);
  const quiet = createPayHttpClient(quietly(play, "pay"));
  await untilTold(play, async () => (await quiet.detail({ id })).status === PARTLY_REFUNDED);
  const pays = createPayHttpClient(caller(play, "pay", customer.token));
  await step(play, "The channel has made the refund", () => pays.detail({ id }));
}

/** The mall as the customer asks it, without a word in the transcript. */
function quietly(play: Play, service: string) {
  return { ...caller(play, service, play.customer.token), fetch };
}

async function untilTold({ runtime, transcript }: Play, holds: () => Promise<boolean>): Promise<void> {
  const until = runtime.now() + TOLD_MS_MAX;
  while (!(await holds())) {
    if (runtime.now() > until)
      throw failed(transcript.step, `nothing came of it within ${TOLD_MS_MAX / 1000} s`);
    await pause(runtime, LOOK_MS);
  }
}
