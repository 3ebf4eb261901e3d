import type { Texts } from "../texts/en.ts";
import { useWords } from "../texts/i18n.ts";

type Tone = "open" | "good" | "gone" | "look" | "bad";

/** What a state asks of people; nothing where it is not named. */
const TONES: Readonly<Partial<Record<keyof Texts, Readonly<Record<string, Tone>>>>> = {
  payStates: { 0: "open", 1: "good", 3: "gone", 4: "gone", 5: "look" },
  refundStates: { 0: "open", 1: "open", 2: "good", 3: "bad", 4: "look" },
  approvalStates: { 0: "look", 1: "good", 2: "bad" },
  orderStates: { 0: "open", 1: "good", 2: "gone" },
  productStates: { 0: "good" },
  notifyStates: { 0: "open", 1: "good", 3: "look" },
  billStates: { 0: "open", 1: "good", failed: "bad" },
  billDifferenceStates: { 0: "look", 1: "good", 2: "gone" },
  jobStates: { 0: "open", 1: "good", 2: "bad" },
  keyStates: { valid: "good", ending: "look", ended: "bad" },
  answers: { knows: "good", refuses: "bad", silent: "look" },
  roles: { 1: "open", 2: "gone" },
  states: {
    paid: "good",
    succeeded: "good",
    processed: "good",
    done: "good",
    held: "look",
    open: "look",
    approved: "good",
    rejected: "bad",
    byHand: "look",
    surplus: "look",
    unknown: "look",
    failed: "bad",
    dead: "bad",
    created: "open",
    pending: "open",
    reserved: "open",
    processing: "open",
    received: "open",
    waiting: "open",
    refunded: "gone",
    partlyRefunded: "gone",
  },
};

interface Props {
  readonly group: keyof Texts;
  readonly state: string | number;
}

/** A state in a word and a colour. */
export function StateTag({ group, state }: Props) {
  const words = useWords();
  return <span className={`tag tag-${TONES[group]?.[state] ?? "none"}`}>{words(group, state)}</span>;
}
