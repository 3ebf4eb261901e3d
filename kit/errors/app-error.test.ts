import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError, invalidArgument, toAppError } from "./app-error.ts";

it("an error that was not foreseen tells a caller nothing", () => {
  const cause = new Error("Error 1062: Duplicate entry 'x' for key 'idx'");
  const error = toAppError(cause);
  assert.equal(error.message, "internal error");
  assert.equal(error.code, "INTERNAL");
  assert.equal(error.cause, cause);
});

it("an AppError passes unchanged", () => {
  const error = new AppError("NOT_FOUND", "USER_NOT_FOUND", "用户不存在");
  assert.equal(toAppError(error), error);
});

it("a broken rule names its field", () => {
  const error = invalidArgument("amount", "must not be negative");
  assert.deepEqual([error.message, error.field], ['field "amount" must not be negative', "amount"]);
});
