import assert from "node:assert/strict";
import { it } from "node:test";
import { type Code, codeOfGrpcStatus, grpcStatusOf, httpStatusOf } from "./code.ts";

const HTTP_STATUSES: Readonly<Record<Code, number>> = {
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
};

it("every canonical gRPC number from 1 to 16 has exactly one code", () => {
  const codes = Array.from({ length: 16 }, (_, index) => codeOfGrpcStatus(index + 1));
  assert.deepEqual(codes.toSorted(), Object.keys(HTTP_STATUSES).toSorted());
  codes.forEach((code, index) => {
    assert.ok(code !== undefined);
    assert.equal(grpcStatusOf(code), index + 1);
  });
});

it("the Go mall's own numbers are not canonical", () => {
  assert.equal(codeOfGrpcStatus(100), undefined);
  assert.equal(codeOfGrpcStatus(500), undefined);
});

it("HTTP statuses are those of go-zero's table", () => {
  for (let number = 1; number <= 16; number += 1) {
    const code = codeOfGrpcStatus(number);
    assert.ok(code !== undefined);
    assert.equal(httpStatusOf(code), HTTP_STATUSES[code]);
  }
});
