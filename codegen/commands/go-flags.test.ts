import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "commander";
import { normalizeGoFlags } from "./go-flags.ts";
import { createProgram } from "./program.ts";

test("long flags with one dash get their second, all else stays as it is", () => {
  const given = [
    "-src",
    "./pay.sql",
    "-dir=./model",
    "-c",
    "--dir",
    "-no-scaffold",
    "-",
    "--",
    "-1",
    "pay-src",
  ];
  const expected = [
    "--src",
    "./pay.sql",
    "--dir=./model",
    "-c",
    "--dir",
    "--no-scaffold",
    "-",
    "--",
    "-1",
    "pay-src",
  ];
  assert.deepEqual(normalizeGoFlags(given), expected);
});

test("a flag that says yes or no may say which, as Go's may", () => {
  const given = ["-c=true", "--cache=false", "-idea=true", "-I=false", "--prefix=truer"];
  assert.deepEqual(normalizeGoFlags(given), ["-c", "--idea", "--prefix=truer"]);
});

/** The flags of goctl 1.10's commands that have a namesake here, but for those that the tests of each command say. */
const GOCTL: readonly (readonly [command: string, flags: string])[] = [
  ["api ts", "--api a --dir b --style c --home d --remote e --branch f --test --type-group"],
  ["api validate", "--api a"],
  ["api format", "--dir a --iu --declare"],
  ["api swagger", "--api a --dir b --filename c"],
  ["api new a", "--style b --home c --remote d --branch e --module f"],
  ["rpc protoc a.proto", "--zrpc_out b --style c --home d --remote e --branch f -m --multiple"],
  ["rpc protoc -I . a.proto", "--zrpc_out b -c --client --module g --name-from-filename -v --verbose"],
  ["rpc protoc a.proto", "--zrpc_out b --go_out . --go-grpc_out . --go_opt c --go-grpc_opt d --plugin e"],
  ["rpc new a", "--style b --home c --remote d --branch e --idea --module f --name-from-filename -c -v"],
  ["model mysql ddl", "-s a -d b -c -i c,d -p e --style f --home g --remote h --branch i --idea --strict"],
  ["model mysql ddl", "--src a --dir b --cache --database c"],
  ["model mysql datasource", "--url a -t b -d c -c -i d -p e --style f --idea --strict"],
  ["quickstart", "-t mono"],
];

for (const [command, flags] of GOCTL)
  test(`${command} takes ${flags}`, async () => {
    const line = `${command} ${flags}`.split(" ");
    const words = line.slice(
      0,
      line.findIndex((word) => word.startsWith("-")),
    );
    const program = createProgram({ out: assert.fail, err: assert.fail });
    let found: Command = program;
    for (const word of words) found = found.commands.find((each) => each.name() === word) ?? found;
    found.action(() => {});
    await program.parseAsync(normalizeGoFlags(line), { from: "user" });
  });
