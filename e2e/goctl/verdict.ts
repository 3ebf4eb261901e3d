import { ContractError } from "../../codegen/emit/index.ts";

/** Differences of verdict that are wanted; docs/mallctl.md says why. */
export interface WantedVerdicts {
  /** Said by mallctl where goctl takes the contract. */
  readonly refusedHere: readonly RegExp[];
  /** Said by goctl where mallctl takes the contract. */
  readonly refusedThere: readonly RegExp[];
}

/** What both said of a contract. */
export interface Compared<Ours> {
  /** What is to be compared, where both take it. */
  readonly ours?: Ours;
  readonly differences: readonly string[];
}

/**
 * Reads a contract and compares whether it is one.
 *
 * @throws whatever `read` throws that is no ContractError.
 */
export function compareVerdict<Ours>(
  refused: string | undefined,
  read: () => Ours,
  wanted: WantedVerdicts,
): Compared<Ours> {
  try {
    const ours = read();
    if (refused === undefined) return { ours, differences: [] };
    if (wanted.refusedThere.some((says) => says.test(refused))) return { differences: [] };
    return { differences: [`only goctl refuses: ${refused}`] };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    if (refused !== undefined || wanted.refusedHere.some((says) => says.test(error.detail)))
      return { differences: [] };
    return { differences: [`only mallctl refuses: ${error.message}`] };
  }
}

/** Two lists that must hold the same lines, in any order. */
export function compareLines(what: string, ours: readonly string[], theirs: readonly string[]): string[] {
  const only = (some: readonly string[], others: readonly string[]): string[] =>
    some.filter((line) => !others.includes(line));
  return [
    ...only(ours, theirs).map((line) => `${what} of mallctl only: ${line}`),
    ...only(theirs, ours).map((line) => `${what} of goctl only: ${line}`),
  ];
}
