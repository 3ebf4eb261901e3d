import { AppError } from "@mall/kit/errors";
import { outliveReaders } from "@mall/kit/runtime";
import { Command, CommanderError, InvalidArgumentError } from "commander";

type AddCommand = (program: Command) => void | Promise<void>;

/**
 * The commands, in the order of the help. Each is read only where it is meant: it brings half of the mall along, and
 * a process of eight would start with the other half for nothing.
 */
const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ["up", async () => (await import("./commands/up.ts")).addUpCommand],
  ["serve", async () => (await import("./commands/serve.ts")).addServeCommand],
  ["sandbox", async () => (await import("./commands/sandbox.ts")).addSandboxCommand],
  ["simulator", async () => (await import("./commands/simulator.ts")).addSimulatorCommand],
  ["migrate", async () => (await import("./commands/migrate.ts")).addMigrateCommand],
  ["demo", async () => (await import("./commands/demo.ts")).addDemoCommand],
  ["doctor", async () => (await import("./commands/doctor.ts")).addDoctorCommand],
  ["admin", async () => (await import("./commands/admin.ts")).addAdminCommand],
  ["user", async () => (await import("./commands/user.ts")).addUserCommand],
  ["token", async () => (await import("./commands/token.ts")).addTokenCommand],
  ["jobs", async () => (await import("./commands/jobs.ts")).addJobsCommand],
  ["drain", async () => (await import("./commands/drain.ts")).addDrainCommand],
  ["ledger", async () => (await import("./commands/ledger.ts")).addLedgerCommand],
  ["verify", async () => (await import("./commands/verify.ts")).addVerifyCommand],
  ["bill", async () => (await import("./commands/bill.ts")).addBillCommand],
  ["payment", async () => (await import("./commands/payment.ts")).addPaymentCommand],
  ["notify", async () => (await import("./commands/notify.ts")).addNotifyCommand],
  ["audit", async () => (await import("./commands/audit.ts")).addAuditCommand],
  ["rpc-auth", async () => (await import("./commands/rpc-auth.ts")).addRpcAuthCommand],
]);

/**
 * Exit codes: 0 done, 1 it could not be done, 2 the command line is wrong. Of a command that compares or examines, 1 says
 * that it has found something; where it could not be done that is another code, which nobody takes for an answer.
 */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_UNANSWERED = 3;

/** The commands whose exit code is an answer. */
const ANSWERING: ReadonlySet<string> = new Set(["bill", "doctor", "ledger", "verify"]);

/** Runs the `mall` command; a failure is one line on standard error and an exit code. */
export async function runCli(argv: readonly string[]): Promise<void> {
  outliveReaders();
  const program = new Command("mall")
    .description("A payment-first commerce backend: user, product, order and pay")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const read of commandsFor(argv)) await (await read())(program);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    const code = await report(error);
    process.exitCode = code === EXIT_FAILED && ANSWERING.has(argv[2] ?? "") ? EXIT_UNANSWERED : code;
  }
}

/** The command that the arguments begin with; all where they begin with none, for the help and for what is meant. */
function commandsFor([, , name = ""]: readonly string[]): Iterable<() => Promise<AddCommand>> {
  const read = COMMANDS.get(name);
  return read === undefined ? COMMANDS.values() : [read];
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // commander has printed help and its own usage errors; those that an action throws come as they are.
    if (error instanceof InvalidArgumentError) process.stderr.write(`mall: ${error.message}\n`);
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  if (error instanceof AppError && error.code !== "INTERNAL") {
    process.stderr.write(`mall: ${error.message}\n`);
    return EXIT_FAILED;
  }
  const { deniedBy } = await import("@mall/kit/store");
  const denied = deniedBy(error);
  if (denied !== undefined) {
    process.stderr.write(`mall: the database does not let its user do this: ${denied}\n`);
    return EXIT_FAILED;
  }
  // Not foreseen: whoever runs the command needs the whole of it to report it.
  console.error(error);
  return EXIT_FAILED;
}
