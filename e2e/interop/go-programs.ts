import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildGoPrograms } from "@mall/kit/testing";
import { ROOT } from "../support/readme-commands.ts";

const SOURCES = join(import.meta.dirname, "go");
const OUTPUT = join(ROOT, "node_modules/.cache/mall-interop");

/** go-zero's half of the tests, built with one version of go-zero. */
export interface GoPrograms {
  /** e.g. `v1.3.2` */
  readonly version: string;
  readonly binary: string;
}

/** Why the programs are missing, and what there is in their place. */
interface FoundPrograms {
  readonly skip: string | false;
  readonly programs: readonly GoPrograms[];
}

/** The programs of every version of go-zero that the tests are run with. */
export async function findGoPrograms(): Promise<FoundPrograms> {
  const folder = await buildGoPrograms({ variable: "MALL_TEST_GO_ZERO", folder: SOURCES, output: OUTPUT });
  const skip = typeof folder === "string" ? false : folder.skipped;
  const programs = ["go", "current"].map((name) => ({
    version: goZeroVersion(`${name}.mod`),
    binary: typeof folder === "string" ? join(folder, name) : "",
  }));
  return { skip, programs };
}

function goZeroVersion(moduleFile: string): string {
  const text = readFileSync(join(SOURCES, moduleFile), "utf8");
  return /zeromicro\/go-zero (v\S+)/.exec(text)?.[1] ?? moduleFile;
}

/** The path of a service's contract, which the programs read. */
export function contractOf(service: string): string {
  return join(ROOT, `services/${service}/rpc/${service}.proto`);
}

/** A Go program that answers each line with a line. */
export class LineProgram {
  readonly #child: ChildProcess;
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];
  #said = "";

  constructor(programs: Pick<GoPrograms, "binary">, args: readonly string[], env = process.env) {
    this.#child = spawn(programs.binary, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr?.on("data", (text: Buffer) => {
      this.#said += text.toString();
    });
    if (this.#child.stdout !== null) {
      createInterface(this.#child.stdout).on("line", (line) =>
        this.#waiting.shift()?.resolve(JSON.parse(line)),
      );
    }
    this.#child.once("close", (code) => {
      for (const each of this.#waiting)
        each.reject(new Error(`${args[0]} ended with ${code}: ${this.#said}`));
    });
  }

  /** The answer to a question, both as JSON. */
  ask(question: object): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.push(answer);
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    return answer.promise;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.stdin?.end();
    await closed;
  }
}
