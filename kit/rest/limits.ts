import { constants } from "node:buffer";

/** A limit as it is compared: of none, nothing can be longer or more. */
export function limitOf(limit: number): number {
  return limit === 0 ? constants.MAX_LENGTH : limit;
}
