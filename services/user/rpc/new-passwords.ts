import { backgroundCall } from "@mall/kit/call";
import { secret } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { z } from "zod";
import { userRpcConfig } from "./config.ts";
import { checkNewPassword } from "./password-rule.ts";
import { chooseScheme, createPasswords } from "./passwords.ts";

/** The part of a user rpc's or an all-in-one's configuration that says how passwords are kept. */
export const passwordsConfig = z.object({
  Salt: secret(z.string().default("")),
  PasswordScheme: userRpcConfig.shape.PasswordScheme,
});

const BYTES = 12;

/** The hash of a new password as the processes of a configuration would store it; of no configuration with its own salt. */
export async function hashNewPassword(
  password: string,
  config: z.output<typeof passwordsConfig> = { Salt: "" },
  runtime: Runtime,
): Promise<string> {
  checkNewPassword("password", password);
  const passwords = createPasswords({ runtime, seedSalt: config.Salt, scheme: chooseScheme(config) });
  return passwords.hash(backgroundCall(), password);
}

/** One that nobody guesses, 16 characters long. */
export function inventPassword(runtime: Pick<Runtime, "randomBytes">): string {
  return Buffer.from(runtime.randomBytes(BYTES)).toString("base64url");
}
