import { systemRuntime } from "@mall/kit/context";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { createUserDesk, type UserDesk } from "@mall/user/desk";
import { createUserModel } from "@mall/user/model";
import { userMigrations } from "@mall/user/model/migrations";
import type { Command } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";

const EXAMPLES = `
A user is named by mobile or id; where a number may be both, by mobile:NUMBER or id:NUMBER. What is changed stands in
the database of the user service, and every running process goes by it.

Examples:
  mall user unlock 15212230311
  mall user unlock id:42 -f services/user/rpc/etc/user.yaml`;

/** `mall user`: what operators do to the account of one user. */
export function addUserCommand(program: Command): void {
  const command = program
    .command("user")
    .description("unlock the account of a user")
    .addHelpText("after", EXAMPLES);
  const unlock = command
    .command("unlock")
    .description("forget the wrong passwords that were counted for a user, wherever a process counts them")
    .argument("<user>", "mobile or id");
  addDataSourceOptions(unlock).action((who: string, flags: DataSourceFlags) =>
    withDesk(flags, async (desk) => {
      const user = await desk.find(who);
      await desk.unlock(user);
      print(`user ${user.id} (${user.mobile}) is unlocked: wrong passwords count from 0 again`);
    }),
  );
}

async function withDesk(flags: DataSourceFlags, work: (desk: UserDesk) => Promise<void>): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    await assertSchemaCurrent(database, userMigrations);
    await work(createUserDesk(createUserModel(database)));
  } finally {
    await database.close();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
