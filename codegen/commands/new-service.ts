import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pascalCase } from "../emit/index.ts";
import { contractTexts } from "../scaffold/contract-texts.ts";
import { logicTexts, testText } from "../scaffold/logic-texts.ts";
import { processTexts } from "../scaffold/process-texts.ts";
import type { ServiceNames } from "../scaffold/service-names.ts";
import { CommandError, runLayerCommand } from "./run-layer-command.ts";

/** A service to be made. */
export interface NewService {
  readonly name: string;
  /** The folder of all services, e.g. `services`. */
  readonly dir: string;
}

const NAME = /^[a-z][a-z0-9]{0,39}$/;
// A package that there is, or a word that generated code needs.
const TAKEN = new Set([
  "kit",
  "codegen",
  "cli",
  "call",
  "context",
  "request",
  "new",
  "delete",
  "default",
  "class",
]);
/** The public one of go-zero-mall's files, which mall warns of. */
const MALL_SECRET = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";
const FIRST_PORTS = { api: 8004, rpc: 9004 };

/**
 * Makes a whole service: contracts, what is generated from them, processes, logic of two operations, configuration, and
 * a test. Outside of a mall, where no service `user` is beside it, it starts by itself and has no test.
 *
 * @returns the paths of the files written.
 * @throws CommandError for a name that cannot be, or a folder that there is; then nothing is written.
 */
export async function makeService({ name, dir }: NewService): Promise<string[]> {
  if (!NAME.test(name) || TAKEN.has(name))
    throw new CommandError(
      `the name "${name}" cannot be that of a service: take small letters and digits`,
      undefined,
    );
  const folder = join(dir, name);
  if ((await filesOf(folder)).length > 0)
    throw new CommandError(`${folder}: there is one; remove it, or take another name`, undefined);
  const alone = !(await filesOf(join(dir, "user"))).includes("service.ts");
  const secret = alone ? randomBytes(24).toString("base64url") : MALL_SECRET;
  const names: ServiceNames = { name, type: pascalCase(name), ports: await freePorts(dir), alone, secret };
  const written: string[] = [];
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "wx" });
    written.push(path);
  };
  const texts = { ...processTexts(names), ...contractTexts(names), ...logicTexts(names) };
  for (const [path, text] of Object.entries(texts)) await put(join(folder, path), text);
  written.push(...(await generate(folder, name)));
  const tests = join(dir, "..", "e2e");
  if ((await filesOf(tests)).includes("support")) await put(join(tests, `${name}.test.ts`), testText(names));
  return written;
}

async function generate(folder: string, name: string): Promise<string[]> {
  const written: string[] = [];
  for (const [layer, extension] of [
    ["model", "sql"],
    ["rpc", "proto"],
    ["api", "api"],
  ] as const) {
    const dir = join(folder, layer);
    const contract = join(dir, `${name}.${extension}`);
    written.push(...(await runLayerCommand({ layer, contract, dir, scaffold: true, cache: true })));
  }
  return written;
}

/** The next after those that the services beside it say. */
async function freePorts(dir: string): Promise<ServiceNames["ports"]> {
  let { api, rpc } = FIRST_PORTS;
  for (const name of await filesOf(dir)) {
    const text = await readFile(join(dir, name, "service.ts"), "utf8").catch(() => "");
    const [, apiText, rpcText] = /ports:\s*\{\s*api:\s*(\d+),\s*rpc:\s*(\d+)/.exec(text) ?? [];
    api = Math.max(api, Number(apiText ?? 0) + 1);
    rpc = Math.max(rpc, Number(rpcText ?? 0) + 1);
  }
  return { api, rpc };
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
