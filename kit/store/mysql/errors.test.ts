import assert from "node:assert/strict";
import { it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { DatabaseBusyError, DuplicateKeyError } from "../store-errors.ts";
import { convertMysqlError, deniedBy, isOutage } from "./errors.ts";

const ofServer = (errno: number, message = "said the server"): Error =>
  Object.assign(new Error(message), { errno });

it("a transaction that others were in the way of is tried again, also where COMMIT says so", () => {
  for (const errno of [1020, 1205, 1213, 1412, 3101, 3572, 8002, 8005, 8022, 8028, 9004, 9007]) {
    assert.ok(convertMysqlError(ofServer(errno)) instanceof DatabaseBusyError, String(errno));
  }
  const atCommit = 'Got error 149 "Lock deadlock; Retry transaction" during COMMIT';
  assert.ok(convertMysqlError(ofServer(1180, atCommit)) instanceof DatabaseBusyError);
});

it("a server that cannot serve is UNAVAILABLE and never INTERNAL", () => {
  const outages = [1040, 1045, 1047, 1053, 1129, 1203, 1226, 1637, 3032, 3100, 8027, 9001, 9002, 9003, 9005];
  for (const errno of outages) {
    const error = convertMysqlError(ofServer(errno));
    assert.ok(isUnavailable(error), String(errno));
    assert.ok(isOutage(error), `${errno} is no word about what was asked`);
  }
  for (const errno of [1021, 1030, 1114, 1180, 1223, 1290, 1317, 1792, 1836, 1874, 1927, 1969, 3024, 8175]) {
    const error = convertMysqlError(ofServer(errno));
    assert.ok(isUnavailable(error), String(errno));
    assert.equal(isOutage(error), false, `${errno} must not close the way for others`);
  }
  for (const code of ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "PROTOCOL_CONNECTION_LOST"]) {
    const error = convertMysqlError(Object.assign(new Error(code), { code, fatal: true }));
    assert.ok(isUnavailable(error) && isOutage(error), code);
  }
});

it("what the server refuses of a statement stays what it is", () => {
  const duplicate = convertMysqlError(ofServer(1062, "Duplicate entry 'a' for key 'sample.idx_name'"));
  assert.ok(duplicate instanceof DuplicateKeyError);
  assert.equal(duplicate.key, "idx_name");
  for (const errno of [1054, 1064, 1146]) {
    const error = convertMysqlError(ofServer(errno));
    assert.ok(error instanceof AppError && error.code === "INTERNAL", String(errno));
  }
});

it("a value that the server refuses is its sender's fault: no outage, and the field is named", () => {
  const text = "Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column `mall`.`user`.`name` at row 1";
  for (const errno of [1048, 1264, 1292, 1366, 1406, 3819, 4025]) {
    const error = convertMysqlError(ofServer(errno, text));
    assert.ok(error instanceof AppError && error.code === "INVALID_ARGUMENT", String(errno));
    assert.equal(isOutage(error), false);
    assert.ok(!error.message.includes("mall"), error.message);
  }
  const emoji = convertMysqlError(ofServer(1366, text));
  assert.ok(emoji instanceof AppError && emoji.field === "name");
});

function isUnavailable(error: Error): boolean {
  return error instanceof AppError && error.reason === "DATABASE_UNAVAILABLE";
}

it("what its user may not do is told in the server's words, and of other errors nothing", () => {
  const text = "UPDATE command denied to user 'reader'@'localhost' for table `mall`.`pay`";
  assert.equal(deniedBy(convertMysqlError(ofServer(1142, text))), text);
  for (const other of [convertMysqlError(ofServer(1064, "syntax")), ofServer(1142, text), undefined])
    assert.equal(deniedBy(other), undefined);
});
