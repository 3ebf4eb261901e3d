import assert from "node:assert/strict";
import { test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { connectRpcClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { GoStatus, startGoStandIn } from "@mall/kit/testing";
import { UserService } from "@mall/user/rpc";
import { register } from "./register.ts";

const NO_LIMIT = { take: () => Promise.resolve() };
const PERSON = { name: "ving", gender: 1, mobile: "15212345678", password: "123456" };

test("a mobile that a Go process knows is told in the mall's words, also where its database met it", async (t) => {
  const refusals = ["该用户已存在", "Error 1062: Duplicate entry '15212345678' for key 'idx_mobile_unique'"];
  const { address, stop } = await startGoStandIn(UserService, {
    register: async () => {
      throw new GoStatus(500, refusals.shift() ?? "");
    },
  });
  const { client, close } = connectRpcClient({
    definition: UserService,
    endpoints: [address],
    timeoutMs: 2000,
    runtime: systemRuntime,
  });
  t.after(async () => {
    close();
    await stop();
  });
  while (refusals.length > 0) {
    const asked = register({ userRpc: client, registerLimit: NO_LIMIT }, backgroundCall(), PERSON);
    await assert.rejects(asked, { code: "ALREADY_EXISTS", reason: "USER_EXISTS", message: "该用户已存在" });
  }
});
