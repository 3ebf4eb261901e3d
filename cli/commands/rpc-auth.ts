import { systemRuntime } from "@mall/kit/runtime";
import { type Command, InvalidArgumentError } from "commander";
import {
  addRpcTokensOptions,
  type FoundRpcTokens,
  findRpcTokens,
  type RpcTokensFlags,
  withRpcTokens,
} from "../operator/rpc-tokens.ts";

const EXAMPLES = `
Servers with Auth: true ask every caller for the app and the token that its App and Token say, and
look the token up in the Redis hash Redis.Key. go-zero's processes share that hash.

Examples:
  mall rpc-auth grant pay.api -f services/pay/rpc/etc/pay.yaml
  mall rpc-auth grant pay.api --token "$TOKEN" --redis 127.0.0.1:6379 --key rpc:auth
  mall rpc-auth revoke pay.api -f services/pay/rpc/etc/pay.yaml
  mall rpc-auth list -f services/pay/rpc/etc/pay.yaml`;

/** A new token's randomness. */
const TOKEN_BYTES = 32;

/** How long servers believe a token that they have looked up. */
const BELIEVED = "five and a quarter minutes";

interface GrantFlags extends RpcTokensFlags {
  readonly token?: string;
}

/** `mall rpc-auth`: who may call rpc services that ask for a token. */
export function addRpcAuthCommand(program: Command): void {
  const command = program
    .command("rpc-auth")
    .description("give apps the tokens that rpc services with Auth ask for, or take them away")
    .addHelpText("after", EXAMPLES);
  const grant = command
    .command("grant")
    .description("give an app a token; a random one is printed, once")
    .argument("<app>", "name of the app: App in the caller's configuration", parseHeaderText)
    .option("--token <token>", "the token to give, in place of a random one", parseHeaderText);
  addRpcTokensOptions(grant).action(grantToken);
  const revoke = command
    .command("revoke")
    .description("take an app's token away")
    .argument("<app>", "name of the app");
  addRpcTokensOptions(revoke).action(revokeToken);
  const list = command.command("list").description("print the apps that have a token, without it");
  addRpcTokensOptions(list).action(listApps);
}

async function grantToken(app: string, flags: GrantFlags): Promise<void> {
  const { redis } = findRpcTokens(flags);
  const token = flags.token ?? Buffer.from(systemRuntime.randomBytes(TOKEN_BYTES)).toString("base64url");
  const isNew = await withRpcTokens(redis, (tokens) => tokens.grant(app, token));
  // The token alone goes to the standard output, so that a script can take it from there.
  if (flags.token === undefined) process.stdout.write(`${token}\n`);
  const before = isNew
    ? ""
    : `; servers that know the one before go on asking for that for up to ${BELIEVED}`;
  say(`${app} has ${isNew ? "a" : "another"} token now${before}`);
}

async function revokeToken(app: string, flags: RpcTokensFlags): Promise<void> {
  const found = findRpcTokens(flags);
  if (!(await withRpcTokens(found.redis, (tokens) => tokens.revoke(app)))) {
    say(`${app} had no token; nothing changed`);
    return;
  }
  say(
    `${app} has no token now; servers that know it accept it for up to ${BELIEVED}${whoStillLetsIn(found)}`,
  );
}

/** go-zero's rule, which surprises whoever wants to shut an app out. */
function whoStillLetsIn({ strict }: FoundRpcTokens): string {
  if (strict === true) return "";
  return ", and those without StrictControl let in apps that have none: grant it a new token to shut it out there";
}

async function listApps(flags: RpcTokensFlags): Promise<void> {
  const { redis } = findRpcTokens(flags);
  const apps = await withRpcTokens(redis, (tokens) => tokens.apps());
  if (apps.length === 0) say(`no app has a token in ${redis.Key}`);
  for (const app of apps) process.stdout.write(`${app}\n`);
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Apps and tokens travel in the headers of calls. */
function parseHeaderText(text: string): string {
  if (/^[!-~]+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be printable ASCII without spaces.");
}
