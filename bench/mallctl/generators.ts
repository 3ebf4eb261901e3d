import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { findProgram } from "@mall/kit/testing";
import type { ServiceLayer } from "../../codegen/commands/index.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** Generates layers from their contracts. */
export interface Generator {
  readonly name: string;
  /**
   * @returns how long the commands took, milliseconds.
   * @throws Error where one fails.
   */
  run(layers: readonly ServiceLayer[]): number;
}

/** mallctl of this repository, or of another folder with one: a command a layer, as goctl has them. */
export function mallctl(name: string, root = ROOT): Generator {
  const commands = {
    api: ["api", "ts", "--api"],
    model: ["model", "mysql", "ddl", "--cache", "--src"],
    rpc: ["rpc", "proto", "--src"],
  };
  return commandsOf(name, ({ layer, contract }, dir) => [
    nodeOf(root),
    [mallctlOf(root), ...commands[layer], contract, "--dir", dir],
  ]);
}

/** All layers by one command, none of them generated before. */
export function mallctlGenerate(name: string): Generator {
  return {
    name,
    run: (layers) => {
      const copy = copyOf(layers);
      const took = generateIn(copy, name);
      rmSync(copy, { recursive: true });
      return took;
    },
  };
}

/** The same again and again, where nothing is new but the first time. */
export function mallctlGenerateAgain(name: string): Generator {
  let copy: string | undefined;
  process.once("exit", () => copy !== undefined && rmSync(copy, { recursive: true }));
  return {
    name,
    run: (layers) => {
      copy ??= copyOf(layers);
      return generateIn(copy, name);
    },
  };
}

/** A folder with the contracts of all layers, and nothing else. */
function copyOf(layers: readonly ServiceLayer[]): string {
  const root = rootOf(layers);
  const copy = mkdtempSync(join(tmpdir(), "bench-mallctl-"));
  for (const { dir } of layers) copyContracts(dir, join(copy, relative(root, dir)));
  return copy;
}

function generateIn(folder: string, name: string): number {
  return timed(name, nodeOf(ROOT), [mallctlOf(ROOT), "generate", "--no-scaffold"], folder);
}

/** `npm run generate` of another folder, which does its own layers, in place: nothing is new. */
export function generateScript(name: string, folder: string): Generator {
  const script = join(folder, "tools/generate.ts");
  const args = existsSync(script) ? [script] : [mallctlOf(folder), "generate", "--no-scaffold"];
  return { name, run: () => timed(name, nodeOf(folder), args, folder) };
}

/** The Node of that folder where it has one: run on another, its commands would start a second process. */
function nodeOf(root: string): string {
  const own = join(resolve(root), "node_modules", `node-${process.platform}-${process.arch}`, "bin/node");
  return existsSync(own) ? own : process.execPath;
}

function mallctlOf(root: string): string {
  return join(resolve(root), "codegen/bin/mallctl.js");
}

/** The folder above the services of these layers. */
function rootOf([first]: readonly ServiceLayer[]): string {
  return resolve(first?.dir ?? ".", "../../..");
}

/** goctl of PATH; undefined where there is none. Without protoc and its plugins it does not do the rpc layer. */
export function goctl(): (Generator & { readonly layers: readonly ServiceLayer["layer"][] }) | undefined {
  const program = findProgram("goctl");
  if (program === undefined) return undefined;
  const protoc = ["protoc", "protoc-gen-go", "protoc-gen-go-grpc"].every((each) => findProgram(each));
  const made = commandsOf("goctl", ({ layer, contract }, dir) => [
    program,
    goctlArguments(layer, contract, dir),
  ]);
  return { ...made, layers: ["api", "model", ...(protoc ? (["rpc"] as const) : [])] };
}

function goctlArguments(layer: ServiceLayer["layer"], contract: string, dir: string): string[] {
  if (layer === "api") return ["api", "go", "-api", contract, "-dir", dir];
  if (layer === "model") return ["model", "mysql", "ddl", "-src", contract, "-dir", join(dir, "pm"), "-c"];
  return [
    ...["rpc", "protoc", basename(contract), `--go_out=${dir}`, `--go-grpc_out=${dir}`],
    ...[`--zrpc_out=${dir}`, "-I", dir],
  ];
}

function commandsOf(
  name: string,
  line: (layer: ServiceLayer, dir: string) => readonly [program: string, args: readonly string[]],
): Generator {
  return {
    name,
    run: (layers) => {
      let took = 0;
      for (const layer of layers) {
        const dir = mkdtempSync(join(tmpdir(), "bench-mallctl-"));
        copyContracts(layer.dir, dir);
        const [program, args] = line({ ...layer, contract: join(dir, basename(layer.contract)) }, dir);
        took += timed(name, program, args, dir);
        rmSync(dir, { recursive: true });
      }
      return took;
    },
  };
}

function timed(name: string, program: string, args: readonly string[], cwd: string): number {
  const start = performance.now();
  const { status, stderr, stdout } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${args.join(" ")}: ${stderr}${stdout}`);
  return performance.now() - start;
}

/** The contracts of a layer, and nothing that is made of them; for goctl it is a module of Go. */
function copyContracts(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, {
    recursive: true,
    filter: (path) => path === from || /(?:\.sql|\.api|\.proto|migrations)$/.test(path),
  });
  writeFileSync(join(to, "go.mod"), "module bench\n\ngo 1.24\n");
}
