import assert from "node:assert/strict";
import { test } from "node:test";
import { isEverywhere, reachedHere } from "./everywhere.ts";

test("an address of all addresses is known as one, and reached at the loopback", () => {
  for (const [url, everywhere, here] of [
    ["http://0.0.0.0:8888", true, "http://127.0.0.1:8888"],
    ["http://[::]:8888/a", true, "http://[::1]:8888/a"],
    ["http://10.0.0.0:8888", false, "http://10.0.0.0:8888"],
    ["https://pay.shop.example", false, "https://pay.shop.example"],
    ["", false, ""],
  ] as const)
    assert.deepEqual([isEverywhere(url), reachedHere(url)], [everywhere, here], url);
});
