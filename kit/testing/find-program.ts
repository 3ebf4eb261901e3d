import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/** Where servers are that users do not start by hand. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec"];

/** The path of a program, looked for in PATH, in `folders` and where servers are; undefined where there is none. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const places = [...(process.env.PATH ?? "").split(delimiter), ...folders, ...SERVER_FOLDERS];
  return places.map((folder) => resolve(folder, name)).find((path) => existsSync(path));
}
