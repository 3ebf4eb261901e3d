import type { Texts } from "../texts/en.ts";

/** The words that the first part of a text is one of, by the kind of what waits. */
const FIRST_WORDS: Readonly<Record<string, keyof Texts>> = {
  held: "heldReasons",
  refund_by_hand: "causes",
  refund_overdue: "causes",
  approval_open: "approvalActs",
  attempt_overdue: "states",
  bill_difference: "billDifferenceKinds",
};
/** A name of ours, and what follows it: a number, or what somebody said. */
const NAMED = /^(\w+)(.*)$/s;

/** What a server says of something that waits for a person, its first part in the words of the page. */
export function waitingText(
  kind: string,
  text: string,
  words: (group: keyof Texts, key: string) => string,
): string {
  const group = FIRST_WORDS[kind];
  const [, name, rest = ""] = NAMED.exec(text) ?? [];
  return group === undefined || name === undefined ? text : words(group, name) + rest;
}
