import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { ROLE } from "@mall/kit/auth";
import { signToken } from "@mall/kit/rest";
import { createTestFolder, freePorts, shebangFlags, until } from "@mall/kit/testing";
import { parse, stringify } from "yaml";
import { TEST_SECRET } from "./support/mall.ts";
import { ROOT } from "./support/readme-commands.ts";

const run = promisify(execFile);
/** What a mall is made of; the rest of a checkout has no part in it. */
const SOURCES = ["channel-sim", "cli", "codegen", "kit", "services", "web"];
const FLAGS = shebangFlags(join(ROOT, "cli/bin/mall.js"));
/** A process that starts beside another suite on two processors. */
const PATIENCE = { withinMs: 120_000 };

describe("services that mallctl has just made", { timeout: 600_000 }, () => {
  const folder = createTestFolder();
  const running: ChildProcess[] = [];

  before(async () => {
    copyMall(folder);
    for (const asked of [["review"], ["back", "--rpc"], ["front", "--api"]])
      await run(process.execPath, [join(folder, "codegen/cli.ts"), "new", ...asked], { cwd: folder });
    for (const name of ["review", "back", "front"]) link(folder, name, `services/${name}`);
  });

  after(() => {
    for (const child of running) child.kill("SIGKILL");
  });

  function mall(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, [...FLAGS, join(folder, "cli/main.ts"), ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.push(child);
    return child;
  }

  it("answer in a mall of one process, whole or of one part", async () => {
    const any = { Api: 0, Rpc: 0 };
    const four = { User: any, Product: any, Order: any, Pay: any };
    const own = { Review: any, Back: { Rpc: 0 }, Front: { Api: 0 } };
    const config = {
      ...{ Port: 0, DataDir: join(folder, "data"), Pages: false, Log: { Level: "severe" } },
      ...{ Simulator: { Enabled: false }, Auth: { AccessSecret: TEST_SECRET }, ...four, ...own },
    };
    writeFileSync(join(folder, "mall.yaml"), stringify(config));
    const child = mall("up", "-f", "mall.yaml");
    const said = outputOf(child);
    let url = "";
    await until(
      "the gateway is ready",
      () => {
        url = /gateway\b.*?(http:\/\/[\d.:]+)/.exec(said())?.[1] ?? "";
        return Promise.resolve(url !== "");
      },
      PATIENCE,
    );
    await createReview(url);
    await greet(url);
    assert.match(said(), /back\.rpc/);
    await stop(child);
  });

  it("answer as processes of their own, whose tables mall migrate makes and which mall doctor knows", async () => {
    const files = await splitFiles(folder);
    const migrated = await run(
      process.execPath,
      [...FLAGS, join(folder, "cli/main.ts"), "migrate", "-f", files.paths["review.rpc"] ?? ""],
      { cwd: folder },
    );
    assert.match(migrated.stdout, /review/);
    const names = Object.keys(files.paths);
    const child = mall("serve", ...names, "-f", ...Object.values(files.paths));
    const said = outputOf(child);
    await until(
      "all are ready",
      () => Promise.resolve(names.every((name) => said().includes(`${name} is ready`))),
      PATIENCE,
    );
    await createReview(files.urlOf("review.api"));
    await greet(files.urlOf("front.api"));
    for (const [name, path] of Object.entries(files.paths)) {
      const { stdout } = await run(
        process.execPath,
        [...FLAGS, join(folder, "cli/main.ts"), "doctor", "-f", path],
        { cwd: folder },
      ).catch((error: { stdout: string }) => error);
      assert.match(stdout, new RegExp(`ok {2,}${name}: a mall serves on port \\d+ already`));
    }
    await stop(child);
  });
});

/** Sources of its own, and the packages that are installed here. */
function copyMall(folder: string): void {
  for (const source of SOURCES) cpSync(join(ROOT, source), join(folder, source), { recursive: true });
  for (const file of ["package.json", "tsconfig.json"]) cpSync(join(ROOT, file), join(folder, file));
  const modules = join(ROOT, "node_modules");
  mkdirSync(join(folder, "node_modules/@mall"), { recursive: true });
  for (const name of readdirSync(modules).filter((each) => each !== "@mall"))
    symlinkSync(join(modules, name), join(folder, "node_modules", name));
  for (const name of ["channel-sim", "cli", "codegen", "kit", "web"]) link(folder, name, name);
  for (const name of readdirSync(join(ROOT, "services"))) link(folder, name, `services/${name}`);
}

/** What npm install does for a package of the workspace. */
function link(folder: string, name: string, path: string): void {
  symlinkSync(join(folder, path), join(folder, "node_modules/@mall", name));
}

function outputOf(child: ChildProcess): () => string {
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  return () => text;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
}

/** The files that were made, on free ports over one SQLite, with the user rpc that tells whose tokens are revoked. */
async function splitFiles(
  folder: string,
): Promise<{ paths: Readonly<Record<string, string>>; urlOf: (name: string) => string }> {
  const names = ["user.rpc", "review.rpc", "back.rpc", "review.api", "front.api"];
  const ports = await freePorts(names.length);
  const portOf = (name: string): number => ports[names.indexOf(name)] ?? 0;
  const at = (name: string): string => `127.0.0.1:${portOf(name)}`;
  const paths: Record<string, string> = {};
  for (const name of names) {
    const [service = "", layer = ""] = name.split(".");
    const made: object = parse(
      readFileSync(join(folder, `services/${service}/${layer}/etc/${service}.yaml`), "utf8"),
    );
    const rpc = {
      ListenOn: at(name),
      Mysql: { DataSource: `sqlite:${join(folder, "split.db")}` },
      CacheRedis: undefined,
      Etcd: undefined,
    };
    const api = {
      ...{ Host: "127.0.0.1", Port: portOf(name), Auth: { AccessSecret: TEST_SECRET } },
      ...{ UserRpc: { Endpoints: [at("user.rpc")] } },
      ...(service === "review" && { ReviewRpc: { Endpoints: [at("review.rpc")] } }),
    };
    paths[name] = join(folder, `${name}.yaml`);
    writeFileSync(join(folder, `${name}.yaml`), stringify({ ...made, ...(layer === "rpc" ? rpc : api) }));
  }
  return { paths, urlOf: (name) => `http://${at(name)}` };
}

/** A token of user 7. */
function headers(): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  const who = { secret: TEST_SECRET, uid: 7, role: ROLE.customer };
  const token = signToken({ ...who, now, expireSeconds: 600 });
  return { authorization: `Bearer ${token}`, "content-type": "application/json" };
}

async function createReview(url: string): Promise<void> {
  const body = JSON.stringify({ text: "hello" });
  const created = await fetch(`${url}/api/review/create`, { method: "POST", headers: headers(), body });
  const { id } = (await created.json()) as { id: number };
  const found = await fetch(`${url}/api/review/${id}`, { headers: headers() });
  assert.deepEqual(await found.json(), { id, text: "hello" });
}

async function greet(url: string): Promise<void> {
  const answer = await fetch(`${url}/api/front/greet/world`, { headers: headers() });
  assert.deepEqual(await answer.json(), { message: "hello, world", uid: 7 });
}
