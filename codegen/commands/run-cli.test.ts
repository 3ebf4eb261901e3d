import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { listFiles } from "./list-files.ts";
import { type Run, run } from "./test-run.ts";

/** The tables of the pay service, one file each. */
const TABLES = (await readdir(join(import.meta.dirname, "../../services/pay/model")))
  .filter((file) => file.endsWith(".sql"))
  .map((file) => `model/${file}`);

/** A service folder as one has it before the first generation: contracts only. */
async function freshService(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(folder, { recursive: true }));
  const services = join(import.meta.dirname, "../../services");
  for (const contract of [...TABLES, "api/pay.api", "rpc/pay.proto", "model/migrations"]) {
    await cp(join(services, "pay", contract), join(folder, contract), { recursive: true });
  }
  return folder;
}

test("the tutorial's three commands, as it writes them, make a service's files and say which", async (context) => {
  const pay = await freshService(context);
  const runs = [
    await run("model", "mysql", "ddl", "-src", `${pay}/model/pay.sql`, "-dir", `${pay}/model`, "-c"),
    await run("api", "ts", "-api", `${pay}/api/pay.api`, "-dir", `${pay}/api`),
    await run("rpc", "proto", "-src", `${pay}/rpc/pay.proto`, "-dir", `${pay}/rpc`),
  ];
  for (const { exitCode, err } of runs) assert.deepEqual({ exitCode, err }, { exitCode: 0, err: "" });
  const contracts = [...TABLES, "model/migrations/", "api/pay.api", "rpc/pay.proto"];
  const made = listFiles(pay).filter((path) => !contracts.some((contract) => path.startsWith(contract)));
  assert.deepEqual(
    runs.flatMap(({ out }) => out).sort(),
    made.map((path) => join(pay, path)),
  );
  for (const path of [
    "model/gen/pay-model.ts",
    "model/gen/pay-attempt-model.ts",
    "api/gen/routes.ts",
    "rpc/logic/create.ts",
    "api/logic/create.ts",
  ]) {
    assert.ok(made.includes(path), path);
  }
});

test("a second run rewrites gen/, drops what is stale, and leaves what is written by hand", async (context) => {
  const pay = await freshService(context);
  const generate = (): Promise<Run> =>
    run("rpc", "proto", "--src", `${pay}/rpc/pay.proto`, "--dir", `${pay}/rpc`);
  await generate();
  const before = await readFile(join(pay, "rpc/gen/pay.ts"), "utf8");
  await writeFile(join(pay, "rpc/gen/pay.ts"), `${before}// edited`);
  await writeFile(join(pay, "rpc/gen/stale.ts"), before);
  await writeFile(join(pay, "rpc/logic/create.ts"), "mine");
  const { exitCode, out } = await generate();
  assert.equal(exitCode, 0);
  assert.deepEqual(out, [join(pay, "rpc/gen/pay.ts"), join(pay, "rpc/gen/server.ts")]);
  assert.deepEqual(listFiles(join(pay, "rpc/gen")), ["pay.ts", "server.ts"]);
  assert.equal(await readFile(join(pay, "rpc/gen/pay.ts"), "utf8"), before);
  assert.equal(await readFile(join(pay, "rpc/logic/create.ts"), "utf8"), "mine");
});

test("one command generates every layer of every service, and tells what is wrong with each", async (context) => {
  const root = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(root, { recursive: true }));
  const services = join(root, "services");
  for (const name of ["review", "coupon"])
    assert.equal((await run("new", name, "-dir", services)).exitCode, 0);
  const before = listFiles(services);
  const layers = ["coupon", "review"].flatMap((name) =>
    ["model", "api", "rpc"].map((layer) => join(name, layer)),
  );
  for (const layer of layers) await rm(join(services, layer, "gen"), { recursive: true });
  await rm(join(services, "review/rpc/logic/create.ts"));
  const made = await run("generate", "-dir", services);
  assert.deepEqual([made.exitCode, made.err], [0, ""]);
  assert.deepEqual(listFiles(services), before);
  assert.ok(made.out.includes(join(services, "review/rpc/logic/create.ts")));
  assert.deepEqual((await run("generate", "-dir", services, "--dry-run")).out.length, made.out.length - 1);
  await writeFile(join(services, "coupon/api/coupon.api"), "type {");
  await writeFile(join(services, "review/rpc/review.proto"), "message A {}");
  await rm(join(services, "review/api/gen"), { recursive: true });
  const { exitCode, err } = await run("generate", "-dir", services, "-no-scaffold");
  assert.equal(exitCode, 1);
  const [first, second, ...more] = err.trimEnd().split("\n");
  assert.ok(first?.startsWith(join(services, "coupon/api/coupon.api:1:6: ")), err);
  assert.ok(second?.startsWith(join(services, "review/rpc/review.proto:1:1: ")), err);
  assert.deepEqual(more, []);
  assert.deepEqual(listFiles(services), before);
  assert.match((await run("generate", "-dir", join(root, "none"))).err, /none: no contracts: /);
});

test("--no-scaffold writes gen/ only", async (context) => {
  const pay = await freshService(context);
  await run("rpc", "proto", "-src", `${pay}/rpc/pay.proto`, "-dir", `${pay}/rpc`, "-no-scaffold");
  assert.deepEqual(listFiles(join(pay, "rpc")), ["gen/pay.ts", "gen/server.ts", "pay.proto"]);
});

test("a contract with an error changes nothing and is named with the path that was given", async (context) => {
  const pay = await freshService(context);
  const args = ["rpc", "proto", "-src", `${pay}/rpc/pay.proto`, "-dir", `${pay}/rpc`];
  await run(...args);
  const before = await readFile(join(pay, "rpc/gen/pay.ts"), "utf8");
  await writeFile(
    join(pay, "rpc/pay.proto"),
    'syntax = "proto3";\npackage pay;\nmessage A { B b = 1; }\nservice P {}\n',
  );
  assert.deepEqual(await run(...args), {
    exitCode: 1,
    out: [],
    err: `${join(pay, "rpc/pay.proto")}:3:15: no message "B" in this file or its imports\n`,
  });
  assert.equal(await readFile(join(pay, "rpc/gen/pay.ts"), "utf8"), before);
});

test("an error of a migration and of an .api names that file", async (context) => {
  const pay = await freshService(context);
  await writeFile(join(pay, "model/migrations/0003-bad.sql"), "\nDROP TABLE pay;");
  const model = await run("model", "mysql", "ddl", "-src", `${pay}/model/pay.sql`, "-dir", `${pay}/model`);
  assert.equal(model.err, `${join(pay, "model/migrations/0003-bad.sql")}:2:1: DROP TABLE is not supported\n`);
  await writeFile(join(pay, "api/pay.api"), "type {");
  const api = await run("api", "ts", "-api", `${pay}/api/pay.api`, "-dir", `${pay}/api`);
  assert.equal(api.exitCode, 1);
  assert.ok(api.err.startsWith(`${join(pay, "api/pay.api")}:1:6: `), api.err);
});

test("a file in gen/ that somebody else made is not deleted", async (context) => {
  const pay = await freshService(context);
  await mkdir(join(pay, "rpc/gen"));
  const path = join(pay, "rpc/gen/mine.ts");
  await writeFile(path, "export const mine = 1;\n");
  const { exitCode, err } = await run("rpc", "proto", "-src", `${pay}/rpc/pay.proto`, "-dir", `${pay}/rpc`);
  assert.equal(exitCode, 1);
  assert.equal(err, `${path}: not made by mallctl; move it out of gen/, which is rewritten at every run\n`);
  assert.deepEqual(listFiles(join(pay, "rpc/gen")), ["mine.ts"]);
});

test("a contract that cannot be read is told in one line", async (context) => {
  const pay = await freshService(context);
  const at = async (path: string): Promise<string> => (await run("rpc", "proto", "-s", path, "-d", pay)).err;
  assert.equal(await at(join(pay, "none.proto")), `${join(pay, "none.proto")}: no such file\n`);
  assert.equal(await at(join(pay, "rpc")), `${join(pay, "rpc")}: is a folder, not a file\n`);
});

test("a command line that is not understood exits with 2 and says why", async () => {
  const lines: readonly (readonly [string[], RegExp])[] = [
    [[], /Usage: mallctl/],
    [["model", "mysql"], /Usage: mallctl model mysql/],
    [["bogus"], /unknown command 'bogus'/],
    [["rpc", "proto", "-src", "a.proto"], /required option '-d, --dir <folder>'/],
    [["rpc", "proto", "-dir", "a"], /required option '-s, --src <file>'/],
    [["api", "ts", "-dir", "a", "-api", "b", "-stile", "c"], /unknown option '--stile'/],
    [["rpc", "proto", "-src", "a", "-dir", "b", "c"], /too many arguments/],
  ];
  for (const [args, expected] of lines) {
    const { exitCode, err } = await run(...args);
    assert.equal(exitCode, 2, args.join(" "));
    assert.match(err, expected);
  }
});

test("every command explains itself, on standard output and with exit code 0", async () => {
  const commands = [
    [],
    ["model"],
    ["model", "mysql"],
    ["model", "mysql", "ddl"],
    ["api", "ts"],
    ["rpc", "proto"],
    ["rpc", "protoc"],
    ["api", "validate"],
    ["api", "swagger"],
    ["api", "new"],
    ["model", "mysql", "datasource"],
    ["rpc", "new"],
    ["quickstart"],
    ["new"],
  ];
  for (const command of commands) {
    for (const flag of ["--help", "-h", "-help"]) {
      const { exitCode, out, err } = await run(...command, flag);
      assert.deepEqual({ exitCode, err }, { exitCode: 0, err: "" });
      assert.ok(out.join("\n").startsWith(`Usage: ${["mallctl", ...command].join(" ")} `));
    }
  }
});

test("a new service is made whole, beside the ports of the others, and only once", async (context) => {
  const root = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(root, { recursive: true }));
  const dir = join(root, "services");
  await mkdir(join(dir, "other"), { recursive: true });
  await writeFile(join(dir, "other/service.ts"), "ports: { api: 8010, rpc: 9010 },");
  const made = await run("new", "review", "-dir", dir);
  assert.deepEqual([made.exitCode, made.err], [0, ""]);
  const files = listFiles(join(dir, "review"));
  assert.equal(files.length, made.out.length - 1);
  assert.match(await readFile(join(dir, "review/service.ts"), "utf8"), /ports: \{ api: 8011, rpc: 9011 \}/);
  // What was written by hand in a template is what generating again leaves alone.
  const api = join(dir, "review/api");
  assert.equal((await run("api", "ts", "-api", `${api}/review.api`, "-dir", api)).exitCode, 0);
  assert.deepEqual(listFiles(join(dir, "review")), files);
  assert.match((await run("new", "review", "-dir", dir)).err, /there is one/);
  assert.match((await run("new", "Review", "-dir", dir)).err, /take small letters and digits/);
});

test("a contract can be checked, and a run be tried, without writing anything", async (context) => {
  const pay = await freshService(context);
  const before = listFiles(pay);
  const contract = `${pay}/api/pay.api`;
  assert.deepEqual(await run("api", "validate", "-api", contract), {
    exitCode: 0,
    out: ["api format ok"],
    err: "",
  });
  const planned = await run("api", "ts", "-api", contract, "-dir", `${pay}/api`, "--dry-run");
  assert.deepEqual(listFiles(pay), before);
  const written = await run("api", "ts", "-api", contract, "-dir", `${pay}/api`);
  assert.deepEqual(planned, written);
  await writeFile(contract, "type {");
  assert.match((await run("api", "validate", "-api", contract)).err, /pay\.api:1:6: /);
});

test("goctl's own spelling of the rpc command works, with folders to import from", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "shared"));
  await mkdir(join(folder, "rpc"));
  await writeFile(join(folder, "shared/base.proto"), 'syntax = "proto3";\nmessage E {}\n');
  const text = 'syntax = "proto3";\npackage x;\nimport "base.proto";\nservice X { rpc A(E) returns (E); }\n';
  await writeFile(join(folder, "rpc/x.proto"), text);
  const args = ["rpc", "protoc", "-src", `${folder}/rpc/x.proto`, "-dir", `${folder}/rpc`];
  assert.match((await run(...args)).err, /x\.proto:3:1: no file "base\.proto"/);
  assert.equal((await run(...args, "-I", `${folder}/shared`)).exitCode, 0);
  const made = listFiles(join(folder, "rpc"));
  await rm(join(folder, "rpc/gen"), { recursive: true });
  // As its documents write the command.
  const outputs = ["--go_out=./types", "--go-grpc_out=./types", `--zrpc_out=${folder}/rpc`, "-m"];
  const proto = ["-I", `${folder}/shared`, `-I${folder}`, `${folder}/rpc/x.proto`, "-v"];
  assert.equal((await run("rpc", "protoc", ...proto, ...outputs, "-style", "go_zero")).exitCode, 0);
  assert.deepEqual(listFiles(join(folder, "rpc")), made);
});

const WRONG: Readonly<Record<string, readonly [text: string, said: readonly string[]]>> = {
  "model/x.sql": [
    "CREATE TABLE a (\n id bigint AUTO_INCREMENT,\n b geometry,\n c varchar,\n PRIMARY KEY (id)\n);\nALTER VIEW x;\nCREATE TABLE b (id date PRIMARY KEY);",
    [
      "x.sql:3:4: type geometry is not supported",
      "x.sql:4:4: the length of varchar must be 1..65535",
      "x.sql:7:1: ALTER VIEW is not supported",
      "x.sql:8:1: table `b` needs a PRIMARY KEY that is an integer or a text",
    ],
  ],
  "rpc/x.proto": [
    'syntax = "proto3";\nmessage A {\n Missing x = 1;\n B y = 2;\n}\nservice S {\n rpc Get(A) returns (Nope);\n}',
    [
      'x.proto:3:10: no message "Missing" in this file or its imports',
      'x.proto:4:4: no message "B" in this file or its imports',
      'x.proto:7:6: no message "Nope" in this file or its imports',
    ],
  ],
  "rpc/numbers.proto": [
    'syntax = "proto3";\nmessage A {\n int64 x = 19000;\n int64 X = 2;\n int64 y = 19001;\n}\nservice S {\n rpc Get(A) returns (A);\n}',
    [
      "numbers.proto:3:8: field numbers 19000..19999 belong to protobuf",
      "numbers.proto:5:8: field numbers 19000..19999 belong to protobuf",
    ],
  ],
  "api/x.api": [
    'type Req {\n A chan `json:"a"`\n B string `json:"b,optinal"`\n C string `json:"c\n D string\n}\nservice x-api {\n @handler a\n get noslash (Req)\n @handler b\n fetch /b\n}\nwat\ntype Req2 {\n A B.C\n}',
    [
      'x.api:2:4: found "chan", expected a field type that JSON can carry',
      "x.api:4:11: found `, expected a closing `",
      'x.api:9:6: found "noslash", expected a path',
      'x.api:11:2: found "fetch", expected a method',
      'x.api:13:1: found "wat", expected import',
      'x.api:15:4: found "B.C", expected a field type',
    ],
  ],
  "api/routes.api": [
    'type Req {\n A map[string]int `form:"a"`\n}\nservice x-api {\n @handler a\n get /a (Req) returns (No)\n @handler a\n get /a\n}',
    [
      "routes.api:2:2: found a form field of such a type",
      'routes.api:6:24: found the unknown type "No"',
      'routes.api:7:11: found a second handler "a"',
    ],
  ],
  "api/types.api": [
    "type Req {\n A Nope\n B string\n B string\n}\ntype Req {}\nservice x-api {\n @handler a\n get /a (Req) returns (No)\n @handler a\n get /a\n}",
    [
      'types.api:2:4: found the unknown type "Nope"',
      'types.api:4:2: found a second field "B"',
      'types.api:6:6: found a second type "Req"',
    ],
  ],
};

test("all that is wrong with a contract is told at once, a line for each, in its order", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(folder, { recursive: true }));
  const commands = {
    api: ["api", "ts", "-api"],
    sql: ["model", "mysql", "ddl", "-src"],
    proto: ["rpc", "proto", "-src"],
  };
  for (const [path, [text, said]] of Object.entries(WRONG)) {
    const contract = join(folder, path);
    await mkdir(dirname(contract), { recursive: true });
    await writeFile(contract, text);
    const command = commands[extname(path).slice(1) as keyof typeof commands];
    const { exitCode, err } = await run(...command, contract, "-dir", join(folder, "out"));
    const lines = err.trimEnd().split("\n");
    assert.deepEqual([exitCode, lines.length], [1, said.length], err);
    for (const [index, start] of said.entries())
      assert.ok(lines[index]?.startsWith(join(dirname(contract), start)), `${lines[index]} is not ${start}`);
    await rm(contract);
  }
  assert.deepEqual(listFiles(folder), []);
});

test("what is odd about a contract is told, and no obstacle", async (context) => {
  const pay = await freshService(context);
  const contract = join(pay, "api/odd.api");
  const type = 'type A {\n X int `json:"x,optinal"`\n}\nservice odd {\n @handler a\n post /a (A)\n}\n';
  await writeFile(contract, type);
  for (const command of [["validate"], ["ts", "-dir", join(pay, "api")]]) {
    const { exitCode, err } = await run("api", ...command, "-api", contract);
    assert.equal(exitCode, 0);
    assert.ok(err.startsWith(`${contract}:2:17: warning: found the option "optinal"`), err);
    assert.equal(err.split("\n").length, 2);
  }
});

test("a contract is described for others in one document, whose references lead somewhere", async (context) => {
  const pay = await freshService(context);
  const asked = ["api", "swagger", "-api", `${pay}/api/pay.api`, "-dir", pay, "-filename", "shop"];
  assert.deepEqual(await run(...asked), { exitCode: 0, out: [join(pay, "shop.json")], err: "" });
  const text = await readFile(join(pay, "shop.json"), "utf8");
  const document = JSON.parse(text);
  assert.equal(document.paths["/api/pay/create"].post.operationId, "payCreate");
  for (const [, path = ""] of text.matchAll(/"#\/([^"]+)"/g)) {
    const found = path.split("/").reduce((inner, key) => inner?.[key], document);
    assert.ok(found, path);
  }
  await writeFile(`${pay}/api/pay.api`, "type {");
  assert.match((await run(...asked)).err, /pay\.api:1:6: /);
});

test("goctl's quickstart is a whole service, its api new and rpc new the one part", async (context) => {
  const root = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(root, { recursive: true }));
  const partsOf = async (dir: string, ...args: string[]): Promise<string[]> => {
    assert.equal((await run(...args, "-dir", join(root, dir))).exitCode, 0);
    return (await readdir(join(root, dir, "greet"), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  };
  assert.deepEqual(await partsOf("a", "quickstart"), ["api", "model", "rpc"]);
  assert.deepEqual(await partsOf("b", "api", "new", "greet", "--style", "gozero"), ["api"]);
  assert.deepEqual(await partsOf("c", "rpc", "new", "greet"), ["model", "rpc"]);
});

test("the version is told, and an unknown command points to those that there are", async () => {
  assert.deepEqual(await run("--version"), { exitCode: 0, out: ["0.1.0"], err: "" });
  const unknown = await run("nothing");
  assert.equal(unknown.exitCode, 2);
  for (const word of ["unknown command 'nothing'", "model", "api", "rpc", "new"])
    assert.ok(unknown.err.includes(word), word);
});
