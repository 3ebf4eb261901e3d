import assert from "node:assert/strict";
import { test } from "node:test";
import { camelCase, isReservedWord, kebabCase, logicName, lowerFirst, pascalCase } from "./names.ts";

test("a contract's name becomes a property by its first letter only", () => {
  assert.deepEqual(["Uid", "id", "DecrStock", "URL", ""].map(lowerFirst), [
    "uid",
    "id",
    "decrStock",
    "uRL",
    "",
  ]);
});

test("whatever a contract's file is called, the name of a value is one", () => {
  const names = ["12306-gozero", "a b (1)", "订单", "--", "x'y\"z"];
  assert.deepEqual(names.map(camelCase), ["_12306Gozero", "aB1", "订单", "_", "xYZ"]);
  assert.equal(pascalCase("12306-gozero"), "_12306Gozero");
});

test("a SQL name becomes a property, a type and a file", () => {
  const names = ["id", "create_time", "pay_attempt_2", "_a__b_", "payAttempt", "pay-gateway"];
  assert.deepEqual(names.map(camelCase), [
    "id",
    "createTime",
    "payAttempt2",
    "aB",
    "payAttempt",
    "payGateway",
  ]);
  assert.deepEqual(names.map(pascalCase), [
    "Id",
    "CreateTime",
    "PayAttempt2",
    "AB",
    "PayAttempt",
    "PayGateway",
  ]);
  assert.deepEqual(["pay_attempt", "pay"].map(kebabCase), ["pay-attempt", "pay"]);
});

test("a method's name becomes a file, with runs of capitals as one word", () => {
  const names = ["Create", "DecrStockRevert", "GetURLList", "UserInfo2", "V2Pay"];
  const files = ["create", "decr-stock-revert", "get-url-list", "user-info2", "v2-pay"];
  assert.deepEqual(names.map(kebabCase), files);
});

test("no logic function has a name that TypeScript or the generated code keeps for itself", () => {
  const methods = ["Create", "Delete", "Import", "Call", "Context", "Request"];
  const names = ["create", "deleteLogic", "importLogic", "callLogic", "contextLogic", "requestLogic"];
  assert.deepEqual(methods.map(logicName), names);
  assert.equal(isReservedWord("default"), true);
});
