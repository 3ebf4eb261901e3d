import type { Rule } from "./repository.ts";

/** A file is executable exactly when its first line names its interpreter. */
export const fileModes: Rule = {
  name: "executable files, and no others, have the mode bit",
  check: (files) =>
    files
      .filter(({ text, executable }) => executable !== text.startsWith("#!"))
      .map(({ path, executable }) => ({
        path,
        line: 1,
        message: executable ? "is executable but has no #! line" : "has a #! line but is not executable",
      })),
};
