import assert from "node:assert/strict";
import { test } from "node:test";
import { createReturnOrigins } from "./return-origins.ts";

const allowed = (pagesUrl: string | undefined, origins: readonly string[]): string[] => {
  const returnOrigins = createReturnOrigins(["https://shop.test"], () => pagesUrl);
  return origins.filter((origin) => returnOrigins.has(origin));
};

test("buyers may go back to where the configuration says, and to the mall's own pages by any name of its machine", () => {
  const here = ["https://shop.test", "http://127.0.0.1:8888", "http://localhost:8888", "http://[::1]:8888"];
  assert.deepEqual(allowed("http://127.0.0.1:8888", here), here);
  assert.deepEqual(allowed(undefined, here), ["https://shop.test"]);
});

test("another port, another protocol and another machine are not the mall's", () => {
  const others = [
    "http://localhost:8889",
    "https://localhost:8888",
    "http://10.0.0.7:8888",
    "http://0.0.0.0:8888",
  ];
  assert.deepEqual(allowed("http://127.0.0.1:8888", others), []);
  assert.deepEqual(allowed("http://10.0.0.7:8888", ["http://localhost:8888", "http://10.0.0.7:8888"]), [
    "http://10.0.0.7:8888",
  ]);
});
