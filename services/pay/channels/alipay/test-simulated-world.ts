import { makeAlipay } from "@mall/channel-sim/testing";
import { checkConfig } from "@mall/kit/config";
import { createManualRuntime } from "@mall/kit/testing";
import { GATEWAY, NOTIFY_URL, openSimulatorWorld, type SimulatorWorld } from "../test-simulator-world.ts";
import { createAlipayChannel } from "./alipay-channel.ts";
import { alipayAccount } from "./config.ts";
import { APP_ID } from "./test-alipay-world.ts";

type Mode = "key" | "certificate";

/** Keys take long to make: one set serves all worlds of a process. */
const made = new Map<Mode, ReturnType<typeof makeAlipay>>();

function sidesOf(mode: Mode): ReturnType<typeof makeAlipay> {
  const known = made.get(mode) ?? makeAlipay(createManualRuntime(), { appId: APP_ID, mode });
  made.set(mode, known);
  return known;
}

async function configOf(mode: Mode) {
  const { merchant } = await sidesOf(mode);
  const { privateKey: PrivateKey, alipayPublicKey: PublicKey } = merchant;
  const Keys =
    mode === "key"
      ? { PrivateKeys: [{ PrivateKey }], AlipayPublicKeys: [{ PublicKey }] }
      : {
          PrivateKeys: [{ PrivateKey, Certificate: merchant.appCertificate }],
          AlipayCertificates: [{ Certificate: merchant.alipayCertificate }],
          RootCertificates: merchant.rootCertificate,
        };
  const { appId: AppId, sellerId: SellerId } = merchant;
  const account = { Gateway: `${GATEWAY}/gateway.do`, AppId, SellerId, NotifyUrl: NOTIFY_URL, Keys };
  return checkConfig("test", account, alipayAccount);
}

/** A world in which a buyer can come with what was opened. */
interface VisitedWorld extends SimulatorWorld {
  /** The buyer's browser or app brings to Alipay what it was given, or the buyer scans it. */
  visit(credential: { readonly kind: string; readonly text: string }): Promise<void>;
}

/**
 * Alipay, as the simulator is it, and the channel to an account there. Alipay hears of a trade only when a buyer comes,
 * who does so at once here unless told otherwise.
 */
export async function openSimulatedWorld(mode: Mode, { scans = true } = {}): Promise<VisitedWorld> {
  const config = await configOf(mode);
  const { account } = await sidesOf(mode);
  const world = await openSimulatorWorld({
    accounts: { alipay: [account] },
    name: "alipay",
    signedHeaders: [],
    createChannel: (outside) => {
      const channel = createAlipayChannel(config, outside);
      if (!scans) return channel;
      return {
        ...channel,
        prepay: async (call, attempt) => {
          const answer = await channel.prepay(call, attempt);
          if (answer.kind === "yes") await world.simulator.scan("alipay", attempt.outTradeNo);
          return answer;
        },
      };
    },
  });
  const visit: VisitedWorld["visit"] = async ({ kind, text }) => {
    const path = kind === "sdk" ? `/gateway.do?${text}` : text.slice(GATEWAY.length);
    const { status } = await world.simulator.answer({
      method: "GET",
      url: path,
      headers: {},
      body: new Uint8Array(),
    });
    if (status >= 400) throw new Error(`${path} is answered with ${status}`);
  };
  return { ...world, blindTo: ["age", "total"], visit };
}
