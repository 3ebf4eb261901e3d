import type { ContractError } from "./contract-error.ts";
import type { GeneratedFile } from "./generated-file.ts";

/** What a contract gives for one layer; paths are relative to the layer's folder. */
export interface GeneratedLayer {
  /** The whole of `gen/`, rewritten at every run. */
  readonly generated: GeneratedFile[];
  /** Hand-written from the first day on: written only where they are missing. */
  readonly scaffolds: GeneratedFile[];
  /** What is odd about the contract, and was passed over. */
  readonly warnings?: readonly ContractError[];
}
