import assert from "node:assert/strict";
import fc from "fast-check";
import { apiContract } from "./api-grammar.ts";
import { compareApi } from "./compare-api.ts";
import { compareProto } from "./compare-proto.ts";
import { compareSql } from "./compare-sql.ts";
import type { ContractKind, Goctl, GoctlAnswer } from "./goctl-program.ts";
import { protoContract } from "./proto-grammar.ts";
import { sqlContract } from "./sql-grammar.ts";

interface Comparison {
  readonly contract: fc.Arbitrary<string>;
  /** Where mallctl differs from what goctl said, though nobody wanted it to. */
  readonly compare: (text: string, said: GoctlAnswer) => readonly string[];
}

const COMPARISONS: Readonly<Record<ContractKind, Comparison>> = {
  api: { contract: apiContract, compare: compareApi },
  sql: { contract: sqlContract, compare: compareSql },
  proto: { contract: protoContract, compare: compareProto },
};

/** How many contracts are asked for, and what decides which. */
export interface CompareRun {
  readonly runs: number;
  readonly seed: number;
}

/**
 * Gives contracts of a grammar to both.
 *
 * @returns how many of them goctl took.
 * @throws Error with the seed and the smallest contract on which they differ.
 */
export async function compareWithGoctl(
  goctl: Goctl,
  kind: ContractKind,
  { runs, seed }: CompareRun,
): Promise<number> {
  const { contract, compare } = COMPARISONS[kind];
  let taken = 0;
  const property = fc.asyncProperty(contract, async (text) => {
    const said = await goctl.ask(kind, text);
    if (said.refused === undefined) taken += 1;
    assert.deepEqual(compare(text, said), [], text);
  });
  await fc.assert(property, { numRuns: runs, seed });
  return taken;
}
