import { styleText } from "node:util";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError, Option } from "commander";
import { playCashier } from "../demo/cashier.ts";
import { playChannel } from "../demo/channel/play-channel.ts";
import { playChaos } from "../demo/chaos/play-chaos.ts";
import { type FoundMall, findMall } from "../demo/find-mall.ts";
import { playJourney } from "../demo/journey.ts";
import { startOwnMall } from "../demo/own-mall.ts";
import { createTranscript, type Paper } from "../demo/transcript.ts";
import {
  addSecretOptions,
  type FoundSecret,
  findAccessSecret,
  type SecretFlags,
} from "../operator/access-secret.ts";
import { SIMULATED, type Simulated } from "../simulator/accounts.ts";

const HELP = `
Without --url, --split or --fresh: the gateway on port 8888 if a mall answers there, else the split ports
8000-8003, else a mall of its own, started on free ports with its data in a temporary folder.

Putting a product up needs staff, and reporting a payment paid needs a payment gateway: the demo signs a
token for each (valid for 5 minutes) with the access secret of the mall that it talks to.

--chaos plays purchases that go wrong instead (notifications lost, doubled and tampered with, wrong and late
money, refunds, kill -9 of the mall), always against a mall of its own, and shows that the books balance.

--cashier stops where there is something to pay, and prints the link to the page on which a buyer pays it; a mall has
to run, as the link is of no use without it.

--channel pays at a simulator of Alipay, WeChat Pay or Stripe that the vendors' own SDKs work with (see mall
simulator), started for the demo beside a mall of its own: no account is needed, and no money moves.

Examples:
  mall demo
  mall demo --cashier
  mall demo --channel wechat
  mall demo --chaos
  mall demo --fresh
  mall demo --url http://127.0.0.1:8888 --data ./data
  mall demo --split -f services/pay/api/etc/pay.yaml`;

interface DemoFlags extends SecretFlags {
  readonly url?: string;
  readonly split?: boolean;
  readonly fresh?: boolean;
  readonly chaos?: boolean;
  readonly cashier?: boolean;
  readonly channel?: Simulated;
  readonly host: string;
}

/** `mall demo`: a purchase from registration to the paid order, every request and answer shown. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command("demo")
    .description(
      "play a purchase, from registration to the paid order, against a running mall or one of its own",
    )
    .addOption(
      new Option("--url <url>", "gateway of a running mall, e.g. http://127.0.0.1:8888")
        .argParser(parseUrl)
        .conflicts(["split", "fresh"]),
    )
    .addOption(new Option("--split", "a running mall by its four api ports, 8000-8003").conflicts("fresh"))
    .option("--host <host>", "host of the default gateway and of the split ports", "127.0.0.1")
    .option("--fresh", "start a mall of the demo's own, whatever runs already");
  command.addOption(
    new Option("--cashier", "stop at the cashier of a running mall, and print the link to it").conflicts([
      ...["fresh", "chaos", "channel"],
    ]),
  );
  command.addOption(
    new Option("--chaos", "play purchases that go wrong, against a mall of the demo's own").conflicts([
      ...["url", "split", "fresh", "data", "file", "secretFile"],
    ]),
  );
  command.addOption(
    new Option(
      "--channel <name>",
      "play a payment, a refund and a lost notification at a channel's simulator",
    )
      .choices(SIMULATED)
      .conflicts([...["url", "split", "fresh", "data", "file", "secretFile", "chaos"]]),
  );
  addSecretOptions(command).addHelpText("after", HELP).action(demo);
}

/** Colours only where a terminal shows them and NO_COLOR is not set; styleText asks for both. */
const PAPER: Paper = {
  write: (text) => {
    process.stdout.write(text);
  },
  style: (style, text) => styleText(style, text, { stream: process.stdout }),
};

async function demo(flags: DemoFlags): Promise<void> {
  if (flags.chaos === true) {
    if (!(await playChaos(PAPER, systemRuntime))) process.exitCode = 1;
    return;
  }
  if (flags.channel !== undefined) return playChannel(flags.channel, PAPER, systemRuntime);
  const running = flags.fresh === true ? undefined : await findMall(flags);
  if (flags.cashier === true) return openCashier(running, findAccessSecret(flags));
  if (running !== undefined) {
    await play(running, findAccessSecret(flags));
    return;
  }
  const own = await startOwnMall(systemRuntime);
  try {
    await play(own, own.secret());
  } finally {
    await own.stop();
  }
}

async function openCashier(running: FoundMall | undefined, secret: FoundSecret | undefined): Promise<void> {
  if (running === undefined)
    throw new AppError("FAILED_PRECONDITION", "NO_MALL", "no mall runs here: start one with npm start");
  PAPER.write(`Talking to ${running.text}\n`);
  const transcript = createTranscript(PAPER, systemRuntime);
  const url = await playCashier({ urls: running.urls, secret, transcript, runtime: systemRuntime });
  PAPER.write(`\n${PAPER.style("green", "to be paid at")} ${url}\n`);
}

async function play({ urls, text }: FoundMall, secret: FoundSecret | undefined): Promise<void> {
  PAPER.write(`Talking to ${text}\n`);
  const transcript = createTranscript(PAPER, systemRuntime);
  const { orderId, customerIsAdmin } = await playJourney({
    urls,
    secret,
    transcript,
    runtime: systemRuntime,
  });
  if (customerIsAdmin) transcript.note(BECAME_ADMIN);
  PAPER.write(`\n${PAPER.style("green", `order ${orderId} is paid`)}\n`);
}

const BECAME_ADMIN =
  "The demo's customer was the first user of this mall and so its admin: make yourself one with mall admin MOBILE.";

/** Without a trailing slash, as the clients want it. */
function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new InvalidArgumentError("Write it with http:// and the port, e.g. http://127.0.0.1:8888.");
  }
  return text.replace(/\/+$/, "");
}
