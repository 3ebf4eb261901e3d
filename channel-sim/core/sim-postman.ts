import { type Fate, Postman } from "@mall/kit/counterpart";
import type { HttpTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import { FAULTS, lieOf, sealFlawOf } from "./faults.ts";
import type { LetterFlaw, SimChannel } from "./sim-channel.ts";
import type { SimCore } from "./sim-core.ts";
import type { SimLetter } from "./sim-store.ts";

const NOTIFY_FAULTS = FAULTS.filter((fault) => fault.startsWith("notify."));

/** A notification that was answered. */
export interface Delivery {
  readonly letter: SimLetter;
  /** What was wrong with it. */
  readonly flaw: LetterFlaw | undefined;
  readonly acknowledged: boolean;
  /** Of the answer. */
  readonly status: number;
}

interface SimPostmanOptions {
  readonly core: SimCore;
  readonly channels: readonly SimChannel[];
  readonly http: HttpTransport;
  readonly log: Logger;
  /** Told of each. */
  readonly onDelivery?: ((delivery: Delivery) => void) | undefined;
}

export type SimPostman = Postman<SimLetter, LetterFlaw>;

/** Delivers the notifications of all channels, each signed and repeated as its channel does it. */
export function createSimPostman({
  core,
  channels,
  http,
  log,
  onDelivery = () => {},
}: SimPostmanOptions): SimPostman {
  const { runtime, store } = core;
  const channelOf = ({ channel }: SimLetter): SimChannel => {
    const found = channels.find(({ name }) => name === channel);
    if (found === undefined) throw new Error(`a letter is kept for ${channel}, which is no channel`);
    return found;
  };
  return new Postman({
    runtime,
    log,
    store: {
      letters: () => store.letters(),
      keep: (letter) => store.save({ letters: [letter] }),
      end: (id) => store.save({ ended: [id] }),
    },
    fateOf: (letter) => fateOf(core, letter),
    retryMs: (letter, attempts) => {
      const ms = channelOf(letter).retryMs[attempts];
      return ms === undefined ? undefined : ms / core.speed;
    },
    post: async (letter, flaw) => {
      const channel = channelOf(letter);
      try {
        const sent = { method: "POST", url: letter.url, ...(await channel.write(letter, flaw)) } as const;
        const answer = await http.send(sent, { timeoutMs: channel.notifyTimeoutMs });
        const acknowledged = channel.acknowledged(answer);
        onDelivery({ letter, flaw, acknowledged, status: answer.status });
        return acknowledged;
      } catch (error) {
        log.debug({ error }, "a notification of the simulator was not answered");
        return false;
      }
    },
  });
}

function fateOf({ faults }: SimCore, { channel, outTradeNo }: SimLetter): Fate<LetterFlaw> {
  const taken = faults.take({ channel, outTradeNo, operation: "notify" }, ...NOTIFY_FAULTS);
  if (taken === undefined) return { way: "sent", copies: 1, flaw: undefined };
  switch (taken.fault) {
    case "notify.lost":
      return { way: "lost" };
    case "notify.late":
      return { way: "late", ms: taken.ms };
    case "notify.reordered":
      return { way: "reordered" };
    case "notify.doubled":
      return { way: "sent", copies: 2, flaw: undefined };
    default: {
      const flaw = {
        seal: sealFlawOf(taken),
        lie: lieOf(taken),
        tampered: taken.fault === "notify.tampered",
      };
      return { way: "sent", copies: 1, flaw };
    }
  }
}
