import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type protobuf from "protobufjs";

/** How far up from a contract its imports are looked for, as mallctl does. */
const FOLDERS_UP = 6;

/** A contract with all that it imports in one tree, resolved. */
export interface LoadedContract {
  readonly root: protobuf.Root;
  /** That of the contract itself; empty without one. */
  readonly packageName: string;
}

/** @throws Error for a file that cannot be read, or what is no proto. */
export async function loadContract(contract: URL, library: typeof protobuf): Promise<LoadedContract> {
  const path = fileURLToPath(contract);
  const root = new library.Root();
  const parse = (text: string): protobuf.IParserResult => library.parse(text, root, { keepCase: true });
  const { package: packageName = "", imports = [] } = parse(await readFile(path, "utf8"));
  const done = new Set<string>();
  const open = [...imports];
  for (let named = open.pop(); named !== undefined; named = open.pop()) {
    if (done.has(named)) continue;
    done.add(named);
    const known = library.common.get(named);
    // The library's typings call the whole file its nested part.
    if (known !== null) root.addJSON((known as { nested: Record<string, protobuf.AnyNestedObject> }).nested);
    else open.push(...(parse(await readImport(path, named)).imports ?? []));
  }
  root.resolveAll();
  return { root, packageName };
}

/** An imported file, beside the contract or in a folder above it; the well-known ones come with the library. */
async function readImport(contract: string, named: string): Promise<string> {
  for (let up = 0; up < FOLDERS_UP; up += 1) {
    const path = resolve(dirname(contract), ...Array<string>(up).fill(".."), named);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error(`${contract}: no file "${named}"`);
}

/** The packages that the types of a package refer to, itself left out. */
export function packagesUsed(root: protobuf.Root, packageName: string, library: typeof protobuf): string[] {
  const used = new Set<string>();
  const note = (type: protobuf.ReflectionObject | null): void => {
    let owner = type;
    while (owner instanceof library.Type || owner instanceof library.Enum) owner = owner.parent;
    if (owner !== null) used.add(owner.fullName.replace(/^\./, ""));
  };
  const visit = (entry: protobuf.ReflectionObject): void => {
    if (entry instanceof library.Service) {
      for (const method of entry.methodsArray) {
        note(method.resolvedRequestType);
        note(method.resolvedResponseType);
      }
    }
    if (!(entry instanceof library.Type)) return;
    for (const { resolvedType } of entry.fieldsArray) note(resolvedType);
    for (const nested of entry.nestedArray) visit(nested);
  };
  const space = packageName === "" ? root : (root.lookup(packageName) as protobuf.Namespace | null);
  for (const entry of space?.nestedArray ?? []) visit(entry);
  used.delete(packageName);
  return [...used];
}
