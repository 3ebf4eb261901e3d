import assert from "node:assert/strict";
import { test } from "node:test";
import { waitingText } from "./waiting-text.ts";

test("what waits is told in the page's words, and what somebody else said as it is", () => {
  const words = (group: string, key: string): string => `[${group} ${key}]`;
  for (const [kind, text, told] of [
    ["held", "AMOUNT_MISMATCH", "[heldReasons AMOUNT_MISMATCH]"],
    ["refund_by_hand", "request: no\nsuch card", "[causes request]: no\nsuch card"],
    ["approval_open", "give_back user:7", "[approvalActs give_back] user:7"],
    ["bill_difference", "AMOUNT: 5 CNY here", "[billDifferenceKinds AMOUNT]: 5 CNY here"],
    ["dead_job", "pay.refund: <b>", "pay.refund: <b>"],
    ["held", "", ""],
  ] as const)
    assert.equal(waitingText(kind, text, words), told);
});
