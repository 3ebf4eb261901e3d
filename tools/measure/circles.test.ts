import assert from "node:assert/strict";
import { test } from "node:test";
import { plantFiles } from "../tidy/planted.ts";
import { findCircles } from "./circles.ts";
import { measureHouse } from "./house.ts";

test("files that reach each other are one circle, those that only lead there are none", () => {
  const graph = new Map([
    ["start", ["a"]],
    ["a", ["b"]],
    ["b", ["c", "end"]],
    ["c", ["a"]],
    ["end", ["end"]],
    ["x", ["y"]],
    ["y", ["x"]],
  ]);
  assert.deepEqual(findCircles(graph), [
    ["a", "b", "c"],
    ["x", "y"],
  ]);
});

test("a circle that only types close is told apart, also through a package's entry", () => {
  const house = measureHouse(
    plantFiles({
      "kit/package.json":
        '{ "name": "@mall/kit", "exports": { "./log": { "browser": "./log/none.ts", "default": "./log/index.ts" } } }',
      "kit/log/index.ts": 'export { log } from "./log.ts";\n',
      "kit/log/log.ts": 'import type { Shop } from "../../services/shop/shop.ts";\nexport const log = 1;\n',
      "services/shop/shop.ts": 'import { log } from "@mall/kit/log";\nexport type Shop = typeof log;\n',
    }),
  );
  assert.deepEqual(house.circles, [["kit/log/index.ts", "kit/log/log.ts", "services/shop/shop.ts"]]);
  assert.deepEqual(house.valueCircles, []);
});
