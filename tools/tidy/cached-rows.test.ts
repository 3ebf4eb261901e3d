import { test } from "node:test";
import { cachedRows } from "./cached-rows.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a job or a decision that reads through the cache is found, an answer to a question is none", () => {
  const view = "const view = createPayView(database, cache);\n";
  const files = {
    "services/pay/orders/order-paid.ts": view,
    "services/pay/rpc/logic/create.ts": "await orderRpc.detail(call, { id: oid, allowCached: true });\n",
    "services/pay/rpc/cached-answers.ts": view,
    "services/pay/api/logic/detail.ts": "return payRpc.detail(call, { ...request, allowCached: true });\n",
    "services/pay/model/pay-model.ts": "export function createPayView() {}\n",
  };
  assertFinds(cachedRows, plantFiles(files), [
    "services/pay/orders/order-paid.ts:1",
    "services/pay/rpc/logic/create.ts:1",
  ]);
});
