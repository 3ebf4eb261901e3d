import { text } from "node:stream/consumers";
import { auditMigrations } from "@mall/kit/audit";
import { loadConfig } from "@mall/kit/config";
import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { createUserDesk, type UserDesk } from "@mall/user/desk";
import type { UserRow } from "@mall/user/model";
import { userMigrations } from "@mall/user/model/migrations";
import { hashNewPassword, inventPassword, passwordsConfig } from "@mall/user/passwords";
import type { Command } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { operator } from "../operator/operator.ts";

const EXAMPLES = `
A user is named by mobile or id; where a number may be both, by mobile:NUMBER or id:NUMBER. What is changed stands in
the database of the user service, and every running process goes by it: at once, or within seconds for tokens.

Examples:
  mall user unlock 15212230311
  mall user revoke id:42 -f services/user/rpc/etc/user.yaml
  mall user password 15212230311
  mall user password 15212230311 --stdin < file`;

const PASSWORD_NOTES = `
All tokens of the user are refused from now on, and wrong passwords count from 0 again. With -f the password is kept as
the file says (Salt, PasswordScheme), else with a salt of its own, which a Go user rpc cannot read.`;

interface PasswordFlags extends DataSourceFlags {
  readonly stdin?: boolean;
}

/** `mall user`: what operators do to the account of one user. */
export function addUserCommand(program: Command): void {
  const command = program
    .command("user")
    .description("unlock the account of a user, revoke tokens, set a password")
    .addHelpText("after", EXAMPLES);
  const unlock = command
    .command("unlock")
    .description("forget the wrong passwords that were counted for a user, wherever a process counts them")
    .argument("<user>", "mobile or id");
  addDataSourceOptions(unlock).action((who: string, flags: DataSourceFlags) =>
    withUser("mall user unlock", { ...flags, who }, async (desk, user) => {
      await desk.unlock(user);
      process.stdout.write(`${nameOf(user)} is unlocked: wrong passwords count from 0 again\n`);
    }),
  );
  const revoke = command
    .command("revoke")
    .description("have all tokens refused that a user has got up to now")
    .argument("<user>", "mobile or id");
  addDataSourceOptions(revoke).action((who: string, flags: DataSourceFlags) =>
    withUser("mall user revoke", { ...flags, who }, async (desk, user) => {
      await desk.revoke(user);
      process.stdout.write(`${nameOf(user)} must log in again: older tokens are refused within seconds\n`);
    }),
  );
  const password = command
    .command("password")
    .description("give a user a new password, made up and printed unless it comes from standard input")
    .argument("<user>", "mobile or id")
    .option("--stdin", "read the password from standard input, without the end of its line");
  addDataSourceOptions(password).addHelpText("after", PASSWORD_NOTES).action(setPassword);
}

async function setPassword(who: string, { stdin = false, ...flags }: PasswordFlags): Promise<void> {
  await withUser("mall user password", { ...flags, who }, async (desk, user) => {
    const password = stdin
      ? (await text(process.stdin)).replace(/\r?\n$/, "")
      : inventPassword(systemRuntime);
    const config = flags.file === undefined ? undefined : loadConfig(flags.file, passwordsConfig);
    await desk.setPassword(user, await hashNewPassword(password, config, systemRuntime));
    // Standard output holds a new password and nothing else, for whoever hands it on.
    if (!stdin) process.stdout.write(`${password}\n`);
    process.stderr.write(`${nameOf(user)} has a new password; older tokens are refused within seconds\n`);
  });
}

async function withUser(
  command: string,
  { who, ...flags }: DataSourceFlags & { readonly who: string },
  work: (desk: UserDesk, user: UserRow) => Promise<void>,
): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [userMigrations, auditMigrations]) await assertSchemaCurrent(database, set);
    const desk = createUserDesk(database, operator(command));
    await work(desk, await desk.find(who));
  } finally {
    await database.close();
  }
}

function nameOf({ id, mobile }: UserRow): string {
  return `user ${id} (${mobile})`;
}
