import { auditMigrations } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { createUserDesk, type UserDesk } from "@mall/user/desk";
import { createUserModel, type UserModel } from "@mall/user/model";
import { userMigrations } from "@mall/user/model/migrations";
import { type Command, Option } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { operator } from "../operator/operator.ts";

const EXAMPLES = `
The role is part of the token: more rights count from the user's next login on; where rights are taken
away, the tokens that were given out with them are refused within seconds.

Examples:
  mall admin 15212230311
  mall admin 15212230311 --role staff --data /var/lib/mall
  mall admin 15212230311 --role customer -f services/user/rpc/etc/user.yaml`;

type UserRole = "admin" | "staff" | "customer";

interface AdminFlags extends DataSourceFlags {
  readonly role: UserRole;
}

/** `mall admin`: makes a registered user an admin, or takes the role away again. */
export function addAdminCommand(program: Command): void {
  const command = program
    .command("admin")
    .description("make a registered user an admin (in mode pro nobody is one at first), or set another role")
    .argument("<mobile>", "the mobile number that the user registered with")
    .addOption(
      new Option("--role <role>", "the role to give")
        .choices(["admin", "staff", "customer"])
        .default("admin"),
    );
  addDataSourceOptions(command).addHelpText("after", EXAMPLES).action(setRole);
}

async function setRole(mobile: string, flags: AdminFlags): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [userMigrations, auditMigrations]) await assertSchemaCurrent(database, set);
    const users = createUserModel(database);
    process.stdout.write(
      `${await giveRole(users, createUserDesk(database, operator("mall admin")), { mobile, role: flags.role })}\n`,
    );
  } finally {
    await database.close();
  }
}

/** Sets the role and gives the sentence that says what was done. */
async function giveRole(
  users: UserModel,
  desk: UserDesk,
  { mobile, role: roleName }: { mobile: string; role: UserRole },
): Promise<string> {
  const user = await users.findOneByMobile(mobile);
  if (user === undefined) throw noSuchUser(mobile);
  const who = `user ${user.id} (${mobile})`;
  const role = ROLE[roleName];
  if (user.role === role) return `${who} has the role ${roleName} already; nothing changed`;
  await desk.setRole(user, role);
  const tokens = role < user.role ? ", and older tokens are refused within seconds" : "";
  return `${who} has the role ${roleName} now, before ${roleNameOf(user.role)}; it counts from the next login on${tokens}`;
}

function roleNameOf(role: number): string {
  return Object.entries(ROLE).find(([, number]) => number === role)?.[0] ?? `${role}`;
}

function noSuchUser(mobile: string): AppError {
  return new AppError(
    "NOT_FOUND",
    "USER_NOT_FOUND",
    `no user is registered with mobile ${mobile}: register first, or name another database with --data, -f or --data-source`,
  );
}
