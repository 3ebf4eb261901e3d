import { ROLE } from "@mall/kit/auth";
import { signToken } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError, Option } from "commander";
import { addSecretOptions, requireAccessSecret, type SecretFlags } from "../operator/access-secret.ts";
import { parseDuration } from "../operator/duration.ts";

const EXAMPLES = `
A gateway token may report payments as paid; it belongs to no user and acts for none.
A staff or admin token acts for the user that --uid names, as if that user had the role.

Examples:
  mall token --role gateway --expire 30d
  mall token --role gateway -f services/pay/api/etc/pay.yaml
  mall token --role admin --uid 1 --expire 15m --data /var/lib/mall`;

type TokenRole = "gateway" | "staff" | "admin";

interface TokenFlags extends SecretFlags {
  readonly role: TokenRole;
  readonly uid?: number;
  readonly expire: number;
}

/** `mall token`: prints a token, e.g. for the configuration of a payment gateway, and nothing else. */
export function addTokenCommand(program: Command): void {
  const command = program
    .command("token")
    .description("print a token for a payment gateway, staff or an admin")
    .addOption(
      new Option("--role <role>", "whose token").choices(["gateway", "staff", "admin"]).makeOptionMandatory(),
    )
    .option("--uid <id>", "the user it belongs to (staff and admin)", parseUid)
    .addOption(
      new Option("--expire <time>", "how long it is valid: seconds, or e.g. 15m, 24h, 30d")
        .argParser(parseDuration)
        .default(parseDuration("24h"), "24h"),
    );
  addSecretOptions(command).addHelpText("after", EXAMPLES).action(printToken);
}

function printToken(flags: TokenFlags): void {
  const uid = uidOf(flags);
  const { secret } = requireAccessSecret(flags);
  const now = Math.floor(systemRuntime.now() / 1000);
  const token = signToken({ secret, uid, role: ROLE[flags.role], now, expireSeconds: flags.expire });
  process.stdout.write(`${token}\n`);
}

/** A gateway is nobody's account, staff and admins are somebody's. */
function uidOf({ role, uid }: TokenFlags): number {
  if (role === "gateway") {
    if (uid === undefined) return 0;
    throw new InvalidArgumentError("a gateway token belongs to no user: leave --uid out");
  }
  if (uid !== undefined) return uid;
  throw new InvalidArgumentError(`a ${role} token acts for a user: add --uid N`);
}

function parseUid(text: string): number {
  const uid = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(uid) && uid > 0) return uid;
  throw new InvalidArgumentError("A user id is a whole number from 1 on.");
}
