import assert from "node:assert/strict";
import { test } from "node:test";
import { auditedActs } from "./audited-acts.ts";
import { plantFiles } from "./planted.ts";

const PROTO = `syntax = "proto3";
package pay;
service Pay {
    // A word of somebody else's.
    // No act of staff: a channel says it.
    rpc Callback(CallbackRequest) returns(CallbackResponse);
    rpc Detail(DetailRequest) returns(DetailResponse) {
        option idempotency_level = NO_SIDE_EFFECTS;
    }
    rpc Refund(RefundRequest) returns(RefundResponse);
    // Lets go of what is owed.
    rpc Forgive (ForgiveRequest) returns (ForgiveResponse);
    // No act of staff: who knows.
    rpc Resolve(ResolveRequest) returns(ResolveResponse);
}
`;
const DOCUMENT = `# Operating

<!-- test: audited acts -->
| Act | Operation |
|---|---|
| money goes back | \`/pay.Pay/Refund\` |
| held money | \`/pay.Pay/Resolve\` |
| a job is given up | \`mall jobs cancel\` |

More.
`;

test("a method that writes and nobody has decided about is found, and an act that no test sees written down", () => {
  const files = {
    "services/pay/rpc/pay.proto": PROTO,
    "docs/operations.md": DOCUMENT,
    "services/pay/rpc/act-on-pay.test.ts":
      'assert.equal(operation, "/pay.Pay/Refund"); "/pay.Pay/Resolve";\n',
  };
  const found = auditedActs.check(plantFiles(files));
  const shown = found.map(({ path, line, message }) => `${path}:${line} ${message}`);
  assert.deepEqual(shown, [
    'services/pay/rpc/pay.proto:12 /pay.Pay/Forgive is not in the table of docs/operations.md, and no line "// No act of staff: WHY" stands over it',
    "services/pay/rpc/pay.proto:14 /pay.Pay/Resolve is in the table of docs/operations.md, and says that it is no act of staff",
    "docs/operations.md:0 no test sees that mall jobs cancel is written down",
  ]);
});
