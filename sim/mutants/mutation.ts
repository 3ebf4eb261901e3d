import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Shape } from "../run/shape.ts";

/** A change of one place in a source file. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Must be in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A mistake that the simulation must notice, or a test. */
export interface Mutation {
  /** In kebab-case. */
  readonly name: string;
  /** What then goes wrong, for people. */
  readonly harm: string;
  readonly edits: readonly Edit[];
  /** In which mall it is noticed; in the embedded one where it is left out. */
  readonly shape?: Shape;
  /** It is noticed in runs with real channels only: the others are passed over. */
  readonly withRealChannels?: boolean;
  /** The test file that notices it, where the mall makes good for it and no run of the simulation can. */
  readonly test?: string;
}

export const ROOT = join(import.meta.dirname, "..", "..");

/**
 * The text of a file after an edit.
 *
 * @throws Error where the place is not found, or more than once.
 */
export function applyEdit(text: string, { file, find, replace }: Edit): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} times, not once: ${find}`);
  return text.replace(find, () => replace);
}

/**
 * Makes sure that every edit finds its place.
 *
 * @throws Error naming the first that does not.
 */
export function checkMutations(mutations: readonly Mutation[]): void {
  for (const { name, edits } of mutations) {
    for (const edit of edits) {
      try {
        applyEdit(readFileSync(join(ROOT, edit.file), "utf8"), edit);
      } catch (error) {
        throw new Error(`mutation ${name}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    }
  }
}
