import assert from "node:assert/strict";
import { it } from "node:test";
import { ALL_CODES, codeOfGrpcStatus, grpcStatusOf, httpStatusOf } from "./code.ts";

it("every canonical gRPC number from 1 to 16 has exactly one code", () => {
  const numbers = ALL_CODES.map(grpcStatusOf).sort((left, right) => left - right);
  assert.deepEqual(
    numbers,
    Array.from({ length: 16 }, (_, index) => index + 1),
  );
  for (const code of ALL_CODES) assert.equal(codeOfGrpcStatus(grpcStatusOf(code)), code);
});

it("the Go mall's own numbers are not canonical", () => {
  assert.equal(codeOfGrpcStatus(100), undefined);
  assert.equal(codeOfGrpcStatus(500), undefined);
});

it("HTTP statuses are those of go-zero's table", () => {
  const table = Object.fromEntries(ALL_CODES.map((code) => [code, httpStatusOf(code)]));
  assert.deepEqual(table, {
    CANCELLED: 408,
    UNKNOWN: 500,
    INVALID_ARGUMENT: 400,
    DEADLINE_EXCEEDED: 504,
    NOT_FOUND: 404,
    ALREADY_EXISTS: 409,
    PERMISSION_DENIED: 403,
    RESOURCE_EXHAUSTED: 429,
    FAILED_PRECONDITION: 400,
    ABORTED: 409,
    OUT_OF_RANGE: 400,
    UNIMPLEMENTED: 501,
    INTERNAL: 500,
    UNAVAILABLE: 503,
    DATA_LOSS: 500,
    UNAUTHENTICATED: 401,
  });
});
