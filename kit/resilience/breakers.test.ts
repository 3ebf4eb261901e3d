import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError, codeOfGrpcStatus } from "@mall/kit/errors";
import { createManualRuntime } from "@mall/kit/testing";
import { breakerOpen } from "./breaker.ts";
import { Breakers, runBehind } from "./breakers.ts";
import { judgeCall, NO_PEER } from "./judge-call.ts";
import { serviceOverloaded } from "./shedder.ts";

/** How many of a hundred calls that fail with `error` are made. */
async function callsMade(error: unknown): Promise<number> {
  const refused: string[] = [];
  const breakers = new Breakers({
    runtime: createManualRuntime(),
    onRefusal: (kind, name) => refused.push(`${kind} ${name}`),
  });
  const breaker = breakers.create("rpc_client", "/pay.Pay/Create");
  let made = 0;
  const work = async (): Promise<never> => {
    made += 1;
    throw error;
  };
  for (let call = 0; call < 100; call += 1) {
    await assert.rejects(runBehind(breaker, judgeCall, work));
  }
  assert.deepEqual(
    refused,
    Array.from({ length: 100 - made }, () => "rpc_client /pay.Pay/Create"),
  );
  return made;
}

describe("calls behind a breaker", () => {
  it("are refused with UNAVAILABLE, in go-zero's words, after failures of the service", async () => {
    for (const code of [
      "DEADLINE_EXCEEDED",
      "INTERNAL",
      "UNAVAILABLE",
      "DATA_LOSS",
      "UNIMPLEMENTED",
    ] as const) {
      assert.ok((await callsMade(new AppError(code, code, ""))) < 50, code);
    }
    assert.ok((await callsMade(new Error("unforeseen"))) < 50);
    const { code, message } = breakerOpen();
    assert.deepEqual([code, message], ["UNAVAILABLE", "circuit breaker is open"]);
  });

  it("are made however often it refuses for the caller's fault, or is not even asked", async () => {
    const failures = ["DEADLINE_EXCEEDED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNIMPLEMENTED"];
    for (const code of Array.from({ length: 16 }, (_, index) => codeOfGrpcStatus(index + 1))
      .filter((code) => code !== undefined)
      .filter((each) => !failures.includes(each))) {
      assert.equal(await callsMade(new AppError(code, "SOME_REASON", "")), 100, code);
    }
    assert.equal(await callsMade(breakerOpen()), 100);
    assert.equal(await callsMade(new AppError("UNAVAILABLE", NO_PEER, "no peer is connected")), 100);
  });

  it("are refused when the service is overloaded, not when one caller has had its share", async () => {
    assert.ok((await callsMade(serviceOverloaded())) < 50);
    assert.ok(
      (await callsMade(new AppError("RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED", ""))) < 50,
      "a Go peer's",
    );
    assert.equal(await callsMade(new AppError("RESOURCE_EXHAUSTED", "LOGIN_LIMITED", "")), 100);
  });
});
