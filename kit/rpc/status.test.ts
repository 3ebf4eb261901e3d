import assert from "node:assert/strict";
import { test } from "node:test";
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { AppError } from "@mall/kit/errors";
import protobuf from "protobufjs";
import { fromServiceError, toGrpcStatus } from "./status.ts";

function serviceError(code: number, details: string, metadata = new Metadata()): ServiceError {
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}

function seen(code: number, details: string, metadata?: Metadata) {
  const error = fromServiceError("user.User", serviceError(code, details, metadata));
  return [error.code, error.reason, error.message];
}

test("the trailer is google.rpc.Status with ErrorInfo, as other gRPC implementations read it", () => {
  const { root } = protobuf.parse(`syntax = "proto3"; package google;
    message Any { string type_url = 1; bytes value = 2; }
    message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
    message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }`);
  const status = toGrpcStatus(new AppError("NOT_FOUND", "NO_USER", "用户不存在", { field: "uid" }));
  assert.deepEqual([status.code, status.details], [5, "用户不存在"]);
  const trailer = status.metadata.get("grpc-status-details-bin")[0];
  assert.ok(Buffer.isBuffer(trailer));
  const decoded = root.lookupType("google.Status").decode(trailer).toJSON();
  assert.equal(decoded.code, 5);
  assert.equal(decoded.message, "用户不存在");
  const any = decoded.details[0];
  assert.equal(any.typeUrl, "type.googleapis.com/google.rpc.ErrorInfo");
  const info = root.lookupType("google.ErrorInfo").decode(Buffer.from(any.value, "base64")).toJSON();
  assert.deepEqual(info, { reason: "NO_USER", domain: "mall", metadata: { field: "uid" } });
});

test("texts that are not well-formed Unicode are repaired, so that the error gets through", () => {
  const status = toGrpcStatus(new AppError("ABORTED", "A\ud800", "half \ud800", { field: "\udfff" }));
  const error = fromServiceError("user.User", serviceError(status.code, status.details, status.metadata));
  assert.deepEqual([error.message, error.reason, error.field], ["half \ufffd", "A\ufffd", "\ufffd"]);
});

test("texts of a peer's unexpected errors stay in the cause", () => {
  const driver = "dial tcp 10.0.0.3:3306: connect: connection refused";
  for (const code of [500, 17, 0, -1]) {
    assert.deepEqual(seen(code, driver), ["INTERNAL", "PEER_FAILED", "internal error"]);
  }
  assert.deepEqual(seen(13, driver), ["INTERNAL", "INTERNAL", "internal error"]);
  assert.deepEqual(seen(15, driver), ["INTERNAL", "INTERNAL", "internal error"]);
  const { cause } = fromServiceError("user.User", serviceError(500, driver));
  assert.ok(cause instanceof Error && cause.message.includes(driver));
});

test("rpc auth that refuses this process is no fault of whoever it calls for", () => {
  for (const text of ["app/token required", "access denied"]) {
    assert.deepEqual(seen(16, text), ["INTERNAL", "INTERNAL", "internal error"]);
  }
  const { code, details, metadata } = toGrpcStatus(
    new AppError("UNAUTHENTICATED", "RPC_AUTH_DENIED", "access denied"),
  );
  assert.deepEqual(seen(code, details, metadata), ["INTERNAL", "INTERNAL", "internal error"]);
  const own = toGrpcStatus(new AppError("UNAUTHENTICATED", "WRONG_PASSWORD", "密码错误"));
  assert.deepEqual(seen(own.code, own.details, own.metadata), [
    "UNAUTHENTICATED",
    "WRONG_PASSWORD",
    "密码错误",
  ]);
});

test("canonical codes without details keep their number; what gRPC itself says is put in our words", () => {
  assert.deepEqual(seen(7, "no"), ["PERMISSION_DENIED", "PERMISSION_DENIED", "no"]);
  assert.deepEqual(seen(14, "connect ECONNREFUSED 10.0.0.1:9000"), [
    "UNAVAILABLE",
    "UNAVAILABLE",
    "service unavailable: user.User",
  ]);
  assert.deepEqual(seen(4, "Deadline exceeded after 2.0s,LB pick: 0.01s,remote_addr=10.0.0.1:9000"), [
    "DEADLINE_EXCEEDED",
    "DEADLINE_EXCEEDED",
    "context deadline exceeded",
  ]);
  assert.deepEqual(seen(1, "Call cancelled"), [
    "UNAVAILABLE",
    "UNAVAILABLE",
    "service unavailable: user.User",
  ]);
});

test("garbled details are ignored", () => {
  for (const bytes of [Buffer.from("ff", "hex"), Buffer.alloc(0), Buffer.from("1a021200", "hex")]) {
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", bytes);
    assert.deepEqual(seen(5, "none", metadata), ["NOT_FOUND", "NOT_FOUND", "none"]);
  }
});
