import assert from "node:assert/strict";
import { test } from "node:test";
import { genLogic } from "./gen-logic.ts";
import { parseApi } from "./parse.ts";

function filesOf(...source: string[]): Record<string, string[]> {
  const schema = parseApi(source.join("\n"), "user.api");
  const files = genLogic({ schema, fileName: "user.api", name: "user" });
  return Object.fromEntries(files.map(({ path, content }) => [path, content.split("\n")]));
}

test("each handler gets one file that answers unimplemented and does not say it is generated", () => {
  const files = filesOf(
    "type UserInfoResponse {}",
    "service User {",
    '  @doc "用户信息"',
    "  @handler UserInfo",
    "  post /info returns (UserInfoResponse)",
    "}",
  );
  assert.deepEqual(files, {
    "logic/user-info.ts": [
      'import type { Call } from "@mall/kit/call";',
      'import { AppError } from "@mall/kit/errors";',
      'import type { ServiceContext } from "../context.ts";',
      'import type { UserInfoResponse } from "../gen/types.ts";',
      "",
      "/** 用户信息 */",
      "export async function userInfo(_context: ServiceContext, _call: Call): Promise<UserInfoResponse> {",
      '  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "UserInfo is not implemented");',
      "}",
      "",
    ],
  });
});

test("a signature too long for a line has a parameter a line, and a group's file reaches up to the api folder", () => {
  const files = filesOf(
    "type LoginRequest {}",
    "@server ( group: admin )",
    "service User {",
    "  @handler LoginWithPassword",
    "  post /login (LoginRequest) returns ([]LoginRequest)",
    "}",
  );
  assert.deepEqual(files["logic/admin/login-with-password.ts"]?.slice(2, -3), [
    'import type { ServiceContext } from "../../context.ts";',
    'import type { LoginRequest } from "../../gen/types.ts";',
    "",
    "export async function loginWithPassword(",
    "  _context: ServiceContext,",
    "  _call: Call,",
    "  _request: LoginRequest,",
    "): Promise<LoginRequest[]> {",
  ]);
});

test("the logic of a raw route takes a request's bytes and answers with bytes", () => {
  const files = filesOf(
    "@server ( body: raw )",
    "service User {",
    "  @handler Notify",
    "  post /notify/:channel",
    "}",
  );
  assert.deepEqual(files["logic/notify.ts"]?.slice(2, -3), [
    'import type { RawAnswer, RawRequest } from "@mall/kit/rest";',
    'import type { ServiceContext } from "../context.ts";',
    "",
    "export async function notify(",
    "  _context: ServiceContext,",
    "  _call: Call,",
    "  _request: RawRequest,",
    "): Promise<RawAnswer> {",
  ]);
});

test("the logic of a stream of events is a generator that has none yet", () => {
  const files = filesOf(
    "type Tick {}",
    "@server ( sse: true )",
    "service User {",
    "  @handler Ticks",
    "  get /ticks returns (Tick)",
    "}",
  );
  assert.deepEqual(files["logic/ticks.ts"]?.slice(5, -1), [
    "export async function* ticks(_context: ServiceContext, _call: Call): AsyncGenerator<Tick> {",
    "  yield* []; // the answers, as they come",
    '  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "Ticks is not implemented");',
    "}",
  ]);
});
