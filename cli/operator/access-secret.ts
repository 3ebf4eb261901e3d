import { readFileSync } from "node:fs";
import { loadConfig, secret } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { type Command, Option } from "commander";
import { z } from "zod";
import { readAccessSecret } from "../all-in-one/data-dir.ts";
import { DEFAULT_DATA_DIR, dataFolderOption } from "./data-folder.ts";

/** What the kit's tokens are signed with at the least. */
const SECRET_BYTES_MIN = 8;

/** Where the command line says that the secret of a mall is kept; at most one of the three. */
export interface SecretFlags {
  readonly data?: string;
  readonly file?: string;
  readonly secretFile?: string;
}

/** The secret that a mall signs its tokens with (`Auth.AccessSecret`). */
export interface FoundSecret {
  readonly secret: string;
  /** Where it was read, for a sentence to the operator. */
  readonly origin: string;
  /** True where the command line named the place, false for the default folder. */
  readonly named: boolean;
}

/** The part of an api's or an all-in-one's configuration that leads to the secret. */
const secretConfig = z.object({
  Auth: z.object({ AccessSecret: secret(z.string().default("")) }).prefault({}),
  DataDir: z.string().min(1).optional(),
});

/** Adds the three ways to name the secret; they exclude each other. */
export function addSecretOptions(command: Command): Command {
  return command
    .addOption(dataFolderOption("file", "secretFile"))
    .addOption(
      new Option(
        "-f, --file <file>",
        "configuration (YAML) of an api or an all-in-one: its Auth.AccessSecret",
      ).conflicts("secretFile"),
    )
    .addOption(new Option("--secret-file <file>", "file that holds the secret and nothing else"));
}

/**
 * Reads the secret from the place that was named, else from the default data folder; undefined where
 * nothing was named and that folder has none.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do.
 */
export function findAccessSecret(flags: SecretFlags): FoundSecret | undefined {
  if (flags.secretFile !== undefined) return fromSecretFile(flags.secretFile);
  if (flags.file !== undefined) return fromConfig(flags.file);
  const secret = secretIn(flags.data ?? DEFAULT_DATA_DIR);
  const named = flags.data !== undefined;
  if (secret !== undefined) return checked(secret, `data folder ${flags.data ?? DEFAULT_DATA_DIR}`, named);
  if (!named) return undefined;
  throw noSecret(
    `data folder ${flags.data} holds no access-secret: name the folder that mall up was started with`,
  );
}

/** As findAccessSecret, for a command that can do nothing without. */
export function requireAccessSecret(flags: SecretFlags): FoundSecret {
  const found = findAccessSecret(flags);
  if (found !== undefined) return found;
  throw noSecret(
    `no access secret in ${DEFAULT_DATA_DIR}: say where it is with --data FOLDER, -f API.YAML or --secret-file FILE`,
  );
}

function fromSecretFile(path: string): FoundSecret {
  return checked(readText(path), path, true);
}

function fromConfig(path: string): FoundSecret {
  const { Auth, DataDir } = loadConfig(path, secretConfig);
  if (Auth.AccessSecret !== "") return checked(Auth.AccessSecret, path, true);
  const folder = DataDir ?? DEFAULT_DATA_DIR;
  const secret = secretIn(folder);
  if (secret !== undefined) return checked(secret, `data folder ${folder}`, true);
  throw noSecret(
    `${path} has no Auth.AccessSecret and data folder ${folder} holds none: name another with --data`,
  );
}

function secretIn(dataDir: string): string | undefined {
  try {
    return readAccessSecret(dataDir);
  } catch (error) {
    throw noSecret(
      `the access-secret in ${dataDir} cannot be read: run this as the user that runs the mall`,
      error,
    );
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw noSecret(`${path} cannot be read: check the path after --secret-file`, error);
  }
}

function checked(secret: string, origin: string, named: boolean): FoundSecret {
  if (Buffer.byteLength(secret) >= SECRET_BYTES_MIN) return { secret, origin, named };
  throw noSecret(
    `the access secret in ${origin} is shorter than ${SECRET_BYTES_MIN} bytes: no mall can use it`,
  );
}

function noSecret(message: string, cause?: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "SECRET_UNUSABLE", message, { cause });
}
