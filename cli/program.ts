import { AppError } from "@mall/kit/errors";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { addAdminCommand } from "./commands/admin.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addDrainCommand } from "./commands/drain.ts";
import { addJobsCommand } from "./commands/jobs.ts";
import { addLedgerCommand } from "./commands/ledger.ts";
import { addMigrateCommand } from "./commands/migrate.ts";
import { addNotifyCommand } from "./commands/notify.ts";
import { addRpcAuthCommand } from "./commands/rpc-auth.ts";
import { addSandboxCommand } from "./commands/sandbox.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addTokenCommand } from "./commands/token.ts";
import { addUpCommand } from "./commands/up.ts";
import { addUserCommand } from "./commands/user.ts";
import { addVerifyCommand } from "./commands/verify.ts";

/** Exit codes: 0 done, 1 it could not be done, 2 the command line is wrong. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Runs the `mall` command; a failure is one line on standard error and an exit code. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const program = new Command("mall")
    .description("A payment-first commerce backend: user, product, order and pay")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  addUpCommand(program);
  addServeCommand(program);
  addSandboxCommand(program);
  addMigrateCommand(program);
  addDemoCommand(program);
  addDoctorCommand(program);
  addAdminCommand(program);
  addUserCommand(program);
  addTokenCommand(program);
  addJobsCommand(program);
  addDrainCommand(program);
  addLedgerCommand(program);
  addVerifyCommand(program);
  addNotifyCommand(program);
  addRpcAuthCommand(program);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // commander has printed help and its own usage errors; those that an action throws come as they are.
    if (error instanceof InvalidArgumentError) process.stderr.write(`mall: ${error.message}\n`);
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  if (error instanceof AppError && error.code !== "INTERNAL") {
    process.stderr.write(`mall: ${error.message}\n`);
    return EXIT_FAILED;
  }
  // Not foreseen: whoever runs the command needs the whole of it to report it.
  console.error(error);
  return EXIT_FAILED;
}
