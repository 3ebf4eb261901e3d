import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildGoPrograms } from "@mall/kit/testing";
import { LineProgram } from "../interop/go-programs.ts";
import { ROOT } from "../support/readme-commands.ts";

const SOURCES = {
  variable: "MALL_TEST_GOCTL",
  folder: join(import.meta.dirname, "go"),
  output: join(ROOT, "node_modules/.cache/mall-goctl"),
};

/** What goctl makes of a contract. */
export interface GoctlAnswer {
  readonly id: number;
  /** Why it takes none of it. */
  readonly refused?: string;
  readonly types?: readonly GoType[];
  readonly routes?: readonly GoRoute[];
  /** A `.api` as goctl lays it out. */
  readonly formatted?: string;
  /** The text of each generated model by its file's name. */
  readonly models?: Readonly<Record<string, string>>;
  readonly rpcs?: readonly GoRpc[];
  readonly messages?: readonly GoMessage[];
}

export interface GoType {
  readonly name: string;
  readonly members: readonly {
    readonly name: string;
    readonly type: string;
    /** As written, in back quotes. */
    readonly tag: string;
    readonly inline: boolean;
  }[];
}

export interface GoRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
  readonly request: string;
  readonly response: string;
  /** The keys of its `@server` block. */
  readonly server: Readonly<Record<string, string>> | null;
}

export interface GoRpc {
  readonly service: string;
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly streamsRequest: boolean;
  readonly streamsReturns: boolean;
}

export interface GoMessage {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly number: number;
    readonly type: string;
    readonly repeated: boolean;
    readonly optional: boolean;
    /** Empty outside of one. */
    readonly oneof: string;
  }[];
}

export type ContractKind = "api" | "sql" | "proto";

/** goctl's own parsers and generators, asked one contract after the other. */
export interface Goctl {
  ask(kind: ContractKind, text: string): Promise<GoctlAnswer>;
  stop(): Promise<void>;
}

/** The folder of the program, or why there is none. */
export async function findGoctl(): Promise<{ readonly skip: string | false; readonly folder: string }> {
  const found = await buildGoPrograms(SOURCES);
  return typeof found === "string" ? { skip: false, folder: found } : { skip: found.skipped, folder: "" };
}

/** goctl leaves it to protoc what a name in a `.proto` means; undefined where that is missing. */
export const PROTOC = process.env.MALL_TEST_PROTOC ?? protocOnPath();

function protocOnPath(): string | undefined {
  return spawnSync("protoc", ["--version"]).status === 0 ? "protoc" : undefined;
}

export function startGoctl(folder: string): Goctl {
  const env = { ...process.env, PROTOC: PROTOC ?? "" };
  const program = new LineProgram({ binary: join(folder, "go") }, [], env);
  let asked = 0;
  return {
    ask: async (kind, text) => {
      asked += 1;
      const id = asked;
      const said = (await program.ask({ id, kind, text })) as GoctlAnswer;
      if (said.id !== id) throw new Error(`goctl answers question ${said.id}, asked was ${id}`);
      return said;
    },
    stop: () => program.stop(),
  };
}
