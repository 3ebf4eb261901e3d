import { systemRuntime } from "@mall/kit/runtime";
import type { Command } from "commander";
import { runUntilSignal } from "../run-until-signal.ts";
import { startSandbox } from "../sandbox/start-sandbox.ts";

/** `mall sandbox`: the sandbox bank in a process of its own, for the split placement. */
export function addSandboxCommand(program: Command): void {
  program
    .command("sandbox")
    .description("serve a sandbox bank, a payment channel that moves no money, to malls in other processes")
    .requiredOption("-f, --file <file>", "configuration (YAML), see docs/configuration.md")
    .action(sandbox);
}

async function sandbox({ file }: { readonly file: string }): Promise<void> {
  const running = await startSandbox(file, systemRuntime);
  runUntilSignal(running);
  for (const { name, url } of running.addresses) process.stdout.write(`${name} is ready at ${url}\n`);
}
