import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { listFiles } from "./list-files.ts";
import { type Run, run } from "./test-run.ts";

test("columns that -i names are left out of inserts and updates, in place of goctl's own", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(folder, { recursive: true }));
  const lines = [
    "CREATE TABLE item (",
    "  id bigint NOT NULL AUTO_INCREMENT,",
    "  create_time datetime NOT NULL,",
    "  made_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,",
    "  version int NOT NULL DEFAULT 1,",
    "  update_at bigint NOT NULL,",
    "  deleted_at datetime DEFAULT NULL,",
    "  name varchar(9) NOT NULL,",
    "  PRIMARY KEY (id)",
    ");",
  ];
  await writeFile(join(folder, "item.sql"), lines.join("\n"));
  const made = async (...flags: string[]): Promise<{ err: string; newRow: string[]; managed: string[] }> => {
    const { err } = await run(
      "model",
      "mysql",
      "ddl",
      "-src",
      join(folder, "item.sql"),
      "-dir",
      folder,
      ...flags,
    );
    const text = await readFile(join(folder, "gen/item-model.ts"), "utf8");
    const [, body = ""] = /interface New\w+ \{([^}]*)\}/.exec(text) ?? [];
    const managed = [...text.matchAll(/name: "(\w+)".*managed: "(\w+)"/g)].map(
      ([, name, role]) => `${name} ${role}`,
    );
    return { err, newRow: [...body.matchAll(/ (\w+)\??:/g)].map(([, name = ""]) => name), managed };
  };
  assert.deepEqual(await made(), {
    err: "",
    newRow: ["madeAt", "version", "updateAt", "deletedAt", "name"],
    managed: ["id id", "create_time created"],
  });
  assert.deepEqual(await made("-i", "made_at,version", "--ignore-columns", "deleted_at"), {
    err: "",
    newRow: ["createTime", "updateAt", "name"],
    managed: ["id id", "made_at created"],
  });
  const { err } = await made("-i", "name");
  assert.match(err, /item\.sql:8:3: column name, which -i leaves out of inserts, needs NULL or a DEFAULT/);
});

test("a .sql of another folder is a contract by itself, whose history is the layer's", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "deploy"));
  const table = (name: string): string =>
    `CREATE TABLE ${name} (id bigint AUTO_INCREMENT, PRIMARY KEY (id));`;
  await writeFile(join(folder, "deploy/user.sql"), table("user"));
  await writeFile(join(folder, "deploy/all.sql"), `${table("user")}\n${table("item")}`);
  await writeFile(join(folder, "deploy/notes.sql"), "CREATE nothing;");
  const made = (file: string): Promise<Run> =>
    run("model", "mysql", "ddl", "-src", join(folder, "deploy", file), "-dir", join(folder, "model"));
  for (const _ of [1, 2]) assert.equal((await made("user.sql")).err, "");
  assert.deepEqual(
    listFiles(join(folder, "model")).filter((path) => !path.startsWith("gen/")),
    ["migrations/0001-create.sql", "user-model.ts"],
  );
  assert.match((await made("all.sql")).err, /all\.sql:2:20: the migrations do not create `item`/);
  await writeFile(join(folder, "model/migrations/0001-create.sql"), "DROP TABLE x;");
  const { err } = await made("user.sql");
  assert.ok(err.startsWith(`${join(folder, "model/migrations/0001-create.sql")}:1:1: `), err);
});

test("keys of rows in Redis start as -p says", async (context) => {
  const pay = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(pay, { recursive: true }));
  await cp(join(import.meta.dirname, "../../services/pay/model"), join(pay, "model"), { recursive: true });
  const made = await run(
    ...["model", "mysql", "ddl", "-src", `${pay}/model/pay.sql`, "-dir", `${pay}/model`, "-c", "-p", "shop"],
  );
  assert.deepEqual([made.exitCode, made.err], [0, ""]);
  assert.match(await readFile(join(pay, "model/gen/pay-model.ts"), "utf8"), /PRIMARY: "shop:pay:id:"/);
});

test("-src takes a pattern, as goctl's does: the tables of all files are one contract", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-"));
  context.after(() => rm(folder, { recursive: true }));
  const deploy = join(folder, "deploy");
  await mkdir(join(deploy, "more"), { recursive: true });
  const table = (name: string): string =>
    `CREATE TABLE ${name} (id bigint NOT NULL AUTO_INCREMENT, PRIMARY KEY (id));\n`;
  await writeFile(join(deploy, "shop.sql"), table("shop"));
  await writeFile(join(deploy, "item.sql"), table("item"));
  await writeFile(join(deploy, "more/seat.sql"), table("seat"));
  await writeFile(join(deploy, "notes.txt"), "no table\n");
  const generate = (src: string): Promise<Run> =>
    run("model", "mysql", "ddl", "-src", join(deploy, src), "-dir", join(folder, "shop/model"));
  assert.deepEqual(await generate("*.sql").then(({ exitCode, err }) => ({ exitCode, err })), {
    exitCode: 0,
    err: "",
  });
  const made = listFiles(join(folder, "shop/model")).filter((path) => path.endsWith("-model.ts"));
  assert.deepEqual(made, ["gen/item-model.ts", "gen/shop-model.ts", "item-model.ts", "shop-model.ts"]);
  const migrations = await readFile(join(folder, "shop/model/gen/migrations.ts"), "utf8");
  assert.match(migrations, /export const shopMigrations/);
  await rm(join(folder, "shop"), { recursive: true });
  assert.equal((await generate("**/*.sql")).exitCode, 0);
  assert.ok(listFiles(join(folder, "shop/model")).includes("gen/seat-model.ts"));
  await writeFile(join(deploy, "more/broken.sql"), "CREATE TABLE x (id bigint);\n");
  const { err } = await generate("**/*.sql");
  assert.match(err, /deploy\/more\/broken\.sql:1:\d+: /);
  assert.match((await generate("*.ddl")).err, /deploy\/\*\.ddl: no such files/);
});
