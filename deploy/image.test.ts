import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, matchesGlob } from "node:path";
import { describe, it } from "node:test";
import { stringify } from "yaml";
import { ROOT, readText, readYaml } from "./test-files.ts";

/** The files that .dockerignore lets into a build; the last rule that matches a path decides. */
function buildContext(): string[] {
  const rules = readText(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ keeps: line.startsWith("!"), pattern: line.replace("!", "") }));
  const letsThrough = (path: string): boolean =>
    rules.findLast(({ pattern }) => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`))
      ?.keeps ?? true;
  const exclude = ["node_modules/**", "**/node_modules/**", "data/**"];
  return globSync("**", { cwd: ROOT, exclude, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter(letsThrough);
}

interface LockedPackage {
  readonly link?: true;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const locked = (JSON.parse(readText("package-lock.json")) as { packages: Record<string, LockedPackage> })
  .packages;

/** Where `npm ci --workspace @mall/cli --omit=dev --omit=optional` puts packages: their paths in the lock file. */
function productionPackages(): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const { link, resolved, dependencies = {} } = locked[path] ?? {};
    if (link === true) visit(resolved ?? "");
    for (const name of Object.keys(dependencies)) visit(resolveFrom(path, name));
  };
  visit("node_modules/@mall/cli");
  for (const [path, { link, resolved = "" }] of Object.entries(locked)) {
    if (link === true && resolved.startsWith("services/")) visit(path);
  }
  return found;
}

/** The path that a package finds another by: the nearest node_modules upward. */
function resolveFrom(path: string, name: string): string {
  for (let folder = path; ; folder = folder.includes("/") ? dirname(folder) : "") {
    const candidate = join(folder, "node_modules", name);
    if (candidate in locked) return candidate;
    if (folder === "") throw new Error(`${path} needs ${name}, which is not in the lock file`);
  }
}

const context = buildContext();
const packages = productionPackages();

/** The image's file system as the Dockerfile makes it, without Node and Debian. */
function layOut(): string {
  const app = mkdtempSync(join(tmpdir(), "mall-image-"));
  const place = (path: string): string => {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    return join(app, path);
  };
  for (const path of context) copyFileSync(join(ROOT, path), place(path));
  for (const path of packages) {
    const { link, resolved } = locked[path] ?? {};
    if (link === true) symlinkSync(join(app, resolved ?? ""), place(path), "junction");
    else if (path.startsWith("node_modules/")) {
      // Nested packages come by themselves where they are needed.
      const filter = (from: string): boolean => !from.slice(join(ROOT, path).length).includes("node_modules");
      cpSync(join(ROOT, path), place(path), { recursive: true, filter });
    }
  }
  return app;
}

/** `deploy/etc/mall.yaml` for a machine where other malls may run, with all that is loaded on demand. */
function writeConfig(app: string): string {
  const any = { Api: 0, Rpc: 0 };
  const away = "127.0.0.1:9";
  const path = join(app, "mall.yaml");
  const own = { Host: "127.0.0.1", Port: 0, DataDir: join(app, "data"), DevServer: { Port: 0 } };
  const ports = { User: any, Product: any, Order: any, Pay: any };
  const neighbours = { Telemetry: { Endpoint: away }, CacheRedis: [{ Host: away }] };
  const base = readYaml<object>("deploy/etc/mall.yaml");
  writeFileSync(path, stringify({ ...base, ...own, ...ports, ...neighbours }));
  return path;
}

/** The first match of `pattern` in what the process prints. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = "";
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(text)));
  });
}

describe("the image", () => {
  it("takes no test, no secret and nothing that is not named", () => {
    const top = new Set(context.map((path) => path.split("/")[0]));
    const known = [
      "channel-sim",
      "cli",
      "codegen",
      "deploy",
      "kit",
      "package-lock.json",
      "package.json",
      "services",
      "tools",
      "web",
    ];
    assert.deepEqual([...top].sort(), known);
    assert.deepEqual(
      context.filter((path) =>
        /\.test\.ts$|\/(testing|testdata|node_modules)\/|\.env|\/[^/]+\/etc\/|mall\.db/.test(path),
      ),
      [],
    );
  });

  it("copies only what the build is given, and the package.json of each workspace", () => {
    const sources = [...readText("Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      (match) => match[1]?.split(" ") ?? [],
    );
    for (const source of sources.filter((path) => path !== "."))
      assert.ok(
        context.some((path) => path === source || path.startsWith(source)),
        source,
      );
    const workspaces = Object.keys(locked).filter((path) => path !== "" && !path.startsWith("node_modules/"));
    for (const folder of workspaces.filter((path) => !path.includes("/node_modules/")))
      assert.ok(
        sources.includes(`${folder}/package.json`) ||
          sources.some((path) => folder === join(path, basename(folder))),
        folder,
      );
  });

  it("imports only packages that are installed without the development ones", () => {
    const installed = new Set([...packages].map((path) => path.split("node_modules/").at(-1) ?? ""));
    const bare = /(?:from|import)[\s(]+"((?:@[\w.-]+\/)?[\w.-]+)(?:\/[\w./-]+)?"/g;
    // Of the pages the image runs only what finds them; they are built in a stage of its own, which has the packages.
    const isRun = (file: string): boolean => file === "web/pages.ts" || !file.startsWith("web/");
    for (const path of context.filter((file) => /\.[jt]s$/.test(file) && isRun(file))) {
      for (const [, name = ""] of readFileSync(join(ROOT, path), "utf8").matchAll(bare)) {
        assert.ok(name.startsWith(".") || installed.has(name), `${path} imports ${name}`);
      }
    }
  });

  it("serves with nothing but its own files and the production packages", async (t) => {
    const app = layOut();
    t.after(() => rmSync(app, { recursive: true, force: true }));
    const args = [join(app, "cli/bin/mall.js"), "up", "-f", writeConfig(app)];
    const child = spawn(process.execPath, args, { cwd: app, stdio: ["ignore", "pipe", "pipe"] });
    t.after(() => child.kill("SIGKILL"));
    const said = await printed(child, /gateway +(http:\S+)[\s\S]+devserver +(http:\S+)[\s\S]+demo/);
    const [, gateway = "", ops = ""] = said;
    for (const url of [`${ops}/healthz`, `${ops}/metrics`, `${gateway}/docs/`, `${gateway}/openapi.json`]) {
      assert.equal((await fetch(url)).status, 200, url);
    }
    const registered = await fetch(`${gateway}/api/user/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "ving", gender: 1, mobile: "15212230311", password: "123456" }),
    });
    assert.equal(registered.status, 200);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
});
