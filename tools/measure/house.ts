import {
  isGenerated,
  isSource,
  isTest,
  isTestData,
  type RepositoryFile,
  readRepository,
} from "../tidy/repository.ts";
import { findCircles } from "./circles.ts";
import { castsIn, functionsIn, type MeasuredFunction } from "./functions.ts";
import { importGraph } from "./import-graph.ts";

/** A source file in figures. */
interface MeasuredFile {
  readonly path: string;
  readonly lines: number;
  readonly functions: readonly MeasuredFunction[];
  readonly casts: number;
}

/** The whole house in figures. */
export interface MeasuredHouse {
  /** Written by hand and run in production. */
  readonly sources: readonly MeasuredFile[];
  /** Tests and what only they use. */
  readonly tests: readonly { readonly path: string; readonly lines: number }[];
  /** Sets of files that reach each other by imports, types included; see `findCircles`. */
  readonly circles: readonly (readonly string[])[];
  /** The same without imports of types only. */
  readonly valueCircles: readonly (readonly string[])[];
}

/** Measures a checkout. */
export function readHouse(root: string): MeasuredHouse {
  return measureHouse(readRepository(root));
}

/** Measures the files of a repository. */
export function measureHouse(files: readonly RepositoryFile[]): MeasuredHouse {
  const code = files.filter(({ path }) => isSource(path) && !isTestData(path));
  const production = code.filter(({ path }) => !servesTests(path));
  const written = production.filter(({ path }) => !isGenerated(path));
  return {
    sources: written.map((file) => ({
      path: file.path,
      lines: linesOf(file),
      functions: functionsIn(file),
      casts: castsIn(file),
    })),
    tests: code
      .filter(({ path }) => servesTests(path))
      .map((file) => ({ path: file.path, lines: linesOf(file) })),
    // What is generated stands between what is written: a circle may lead through it.
    circles: findCircles(importGraph(files, production, { withTypes: true })),
    valueCircles: findCircles(importGraph(files, production, { withTypes: false })),
  };
}

function servesTests(path: string): boolean {
  return isTest(path) || path.startsWith("e2e/") || path.includes("/testing/");
}

function linesOf({ text }: RepositoryFile): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
