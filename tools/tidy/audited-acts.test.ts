import assert from "node:assert/strict";
import { test } from "node:test";
import { auditedActs } from "./audited-acts.ts";
import { plantFiles } from "./planted.ts";

const PROTO = `syntax = "proto3";
package pay;
service Pay {
    rpc Callback(CallbackRequest) returns(CallbackResponse);
    rpc Detail(DetailRequest) returns(DetailResponse) {
        option idempotency_level = NO_SIDE_EFFECTS;
    }
    rpc Refund(RefundRequest) returns(RefundResponse);
    rpc Forgive(ForgiveRequest) returns(ForgiveResponse);
}
`;
const DOCUMENT = `# Operating

<!-- test: audited acts -->
| Act | Operation |
|---|---|
| money goes back | \`/pay.Pay/Refund\` |
| a job is given up | \`mall jobs cancel\` |

More.
`;

test("a method that writes and nobody has decided about is found, and an act that no test sees written down", () => {
  const files = {
    "services/pay/rpc/pay.proto": PROTO,
    "docs/operations.md": DOCUMENT,
    "services/pay/rpc/act-on-pay.test.ts": 'assert.equal(operation, "/pay.Pay/Refund");\n',
  };
  const found = auditedActs.check(plantFiles(files));
  const shown = found.map(({ path, line, message }) => `${path}:${line} ${message}`);
  const own = shown.filter((text) => !text.startsWith("tools/"));
  assert.deepEqual(own, [
    "services/pay/rpc/pay.proto:9 /pay.Pay/Forgive is neither in the table of docs/operations.md nor left out",
    "docs/operations.md:0 no test sees that mall jobs cancel is written down",
  ]);
  assert.ok(shown.some((text) => text.includes("/pay.Pay/Notify is left out, and there is no such method")));
});
