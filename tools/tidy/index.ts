import { auditedActs } from "./audited-acts.ts";
import { cachedRows } from "./cached-rows.ts";
import { determinism } from "./determinism.ts";
import { docLinks } from "./doc-links.ts";
import { fileLength } from "./file-length.ts";
import { fileModes } from "./file-modes.ts";
import { generatedMark } from "./generated-mark.ts";
import { importBoundaries } from "./import-boundaries.ts";
import { kitAreas } from "./kit-areas.ts";
import { kitDocs } from "./kit-docs.ts";
import { leftoverMarks } from "./leftover-marks.ts";
import { lockFile } from "./lock-file.ts";
import { machineFacts } from "./machine-facts.ts";
import { misplacedTests } from "./misplaced-tests.ts";
import type { Rule } from "./repository.ts";
import { sleepingTests } from "./sleeping-tests.ts";
import { switchedTests } from "./switched-tests.ts";
import { testingInProduction } from "./testing-in-production.ts";
import { typeEscapes } from "./type-escapes.ts";

/** Every house rule that Biome, the compiler and knip do not check. */
export const rules: readonly Rule[] = [
  importBoundaries,
  cachedRows,
  auditedActs,
  kitAreas,
  testingInProduction,
  kitDocs,
  determinism,
  typeEscapes,
  fileLength,
  fileModes,
  generatedMark,
  leftoverMarks,
  lockFile,
  machineFacts,
  docLinks,
  misplacedTests,
  sleepingTests,
  switchedTests,
];
