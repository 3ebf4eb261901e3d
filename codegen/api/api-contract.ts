import type { ApiSchema } from "./schema.ts";

/** One parsed `.api` file, as every generator of this folder takes it. */
export interface ApiContract {
  readonly schema: ApiSchema;
  /** File name of the contract, e.g. `pay.api`. */
  readonly fileName: string;
  /** The service's short name, e.g. `pay`: what generated names start with. */
  readonly name: string;
}

/** The command that generated files name in their first line. */
export const COMMAND = "mallctl api ts";
