import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { instantOf } from "./index.ts";

it("a time of a request is an instant, and one that no database can hold is refused by its field", () => {
  assert.equal(instantOf("from", undefined), undefined);
  assert.equal(instantOf("from", 1_700_000_000)?.toISOString(), "2023-11-14T22:13:20.000Z");
  for (const seconds of [-1, 9_007_199_255, Number.MAX_SAFE_INTEGER]) {
    assert.throws(
      () => instantOf("to", seconds),
      (error) =>
        error instanceof AppError &&
        error.code === "INVALID_ARGUMENT" &&
        /^field "to" must/.test(error.message),
    );
  }
});
