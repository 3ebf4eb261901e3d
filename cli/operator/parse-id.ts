import { InvalidArgumentError } from "commander";

/** Reads the id of a row from the command line. `what` completes "It must be": the number of a job, say. */
export function idParser(what: string): (text: string) => number {
  return (text) => {
    const id = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return id;
    throw new InvalidArgumentError(`It must be ${what}.`);
  };
}
