import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { findProgram } from "@mall/kit/testing";
import type { ServiceLayer } from "../../tools/service-layers.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Generates layers, each by a command of its own, as a person would. */
export interface Generator {
  readonly name: string;
  /** @throws Error where a command fails. */
  run(layers: readonly ServiceLayer[]): void;
}

/** mallctl of this repository, or of another folder with one. */
export function mallctl(name: string, root = ROOT): Generator {
  const bin = join(root, "codegen/bin/mallctl.js");
  const commands = {
    api: ["api", "ts", "--api"],
    model: ["model", "mysql", "ddl", "--cache", "--src"],
    rpc: ["rpc", "proto", "--src"],
  };
  return generator(name, ({ layer, contract }, dir) => [
    process.execPath,
    [bin, ...commands[layer], contract, "--dir", dir],
  ]);
}

/** goctl of PATH; undefined where there is none. Without protoc and its plugins it does not do the rpc layer. */
export function goctl(): (Generator & { readonly layers: readonly ServiceLayer["layer"][] }) | undefined {
  const program = findProgram("goctl");
  if (program === undefined) return undefined;
  const protoc = ["protoc", "protoc-gen-go", "protoc-gen-go-grpc"].every((each) => findProgram(each));
  const made = generator("goctl", ({ layer, contract }, dir) => [
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

function generator(
  name: string,
  line: (layer: ServiceLayer, dir: string) => readonly [program: string, args: readonly string[]],
): Generator {
  return {
    name,
    run: (layers) => {
      for (const layer of layers) {
        const dir = dirname(copyOf(layer));
        const [program, args] = line({ ...layer, contract: join(dir, basename(layer.contract)) }, dir);
        const { status, stderr, stdout } = spawnSync(program, args, { cwd: dir, encoding: "utf8" });
        rmSync(dir, { recursive: true });
        if (status !== 0) throw new Error(`${name}: ${args.join(" ")}: ${stderr}${stdout}`);
      }
    },
  };
}

/** The contracts of a layer alone in a folder, which is a module of Go, too. */
function copyOf({ contract }: ServiceLayer): string {
  const dir = mkdtempSync(join(tmpdir(), "bench-mallctl-"));
  const from = dirname(contract);
  cpSync(from, dir, {
    recursive: true,
    filter: (path) => path === from || /(?:\.sql|\.api|\.proto|migrations)$/.test(path),
  });
  writeFileSync(join(dir, "go.mod"), "module bench\n\ngo 1.24\n");
  return join(dir, basename(contract));
}
