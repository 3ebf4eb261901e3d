import { findPattern, type Rule } from "./repository.ts";

/** Written so that it does not match itself. */
const MARKS = /\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b/g;

/** Main holds finished work: what is missing is said in the documents, not in the code. */
export const leftoverMarks: Rule = {
  name: "no leftover marks",
  check: (files) =>
    files.flatMap((file) => findPattern(file, MARKS, (mark) => `${mark} on main; do it or drop it`)),
};
