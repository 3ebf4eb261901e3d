import { backgroundCall } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import type { z } from "zod";
import { userRpcBlock } from "./config.ts";
import { checkNewPassword, chooseScheme, createPasswords } from "./passwords.ts";

/** The part of a user rpc's or an all-in-one's configuration that says how passwords are kept. */
export const passwordsConfig = userRpcBlock.extend({ User: userRpcBlock.prefault({}) });

const BYTES = 12;

/** The hash of a new password as the processes of a configuration would store it; of no configuration with its own salt. */
export async function hashNewPassword(
  password: string,
  config: z.output<typeof passwordsConfig> | undefined,
  runtime: Runtime,
): Promise<string> {
  checkNewPassword("password", password);
  // A file of either kind holds these keys in one of the two places.
  const Salt = config?.User.Salt || config?.Salt || "";
  const PasswordScheme = config?.User.PasswordScheme ?? config?.PasswordScheme;
  const passwords = createPasswords({
    runtime,
    seedSalt: Salt,
    scheme: chooseScheme({ Salt, PasswordScheme }),
  });
  return passwords.hash(backgroundCall(), password);
}

/** One that nobody guesses, 16 characters long. */
export function inventPassword(runtime: Pick<Runtime, "randomBytes">): string {
  return Buffer.from(runtime.randomBytes(BYTES)).toString("base64url");
}
