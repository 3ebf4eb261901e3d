import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";

/** Where system daemons are installed. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec"];

/** The path of a program in PATH, in `folders` or where system daemons are installed; undefined if there is none. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const places = [...(process.env.PATH ?? "").split(delimiter), ...folders, ...SERVER_FOLDERS];
  return places.map((folder) => resolve(folder, name)).find((path) => existsSync(path));
}
