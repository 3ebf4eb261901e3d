import { findProcesses } from "../../cli/processes.ts";
import { findServices } from "../../cli/services.ts";

/** The names of the services, each after those that its rpc calls. */
export const SERVICE_NAMES = (await findServices()).map(({ name }) => name);

/** The names of the processes of a split mall, `user.rpc`, `user.api` and so on. */
export const PROCESS_NAMES = await processNames();

async function processNames(): Promise<string[]> {
  const processes = await findProcesses();
  return SERVICE_NAMES.flatMap((name) => [`${name}.rpc`, `${name}.api`]).filter((name) =>
    processes.has(name),
  );
}
