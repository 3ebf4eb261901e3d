import { findPattern, type Rule } from "./repository.ts";

/** Put together from parts so that this file does not match itself. */
const FOLDERS = ["root", "home", "work"];
const MACHINE_PATH = new RegExp(String.raw`(?<![\w.}-])/(${FOLDERS.join("|")})/`, "g");
const REGISTRY = /\b(registry\.[a-z]|npm[m]irror)/g;

/** The repository is the same everywhere: it names no folder of one machine and no package registry. */
export const machineFacts: Rule = {
  name: "no machine paths and no registry hosts",
  check: (files) =>
    files.flatMap((file) => [
      ...findPattern(file, MACHINE_PATH, (path) => `${path}… is a path of one machine`),
      ...findPattern(file, REGISTRY, (host) => `${host}… names a package registry`),
    ]),
};
