import { type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import type { Call } from "@mall/kit/call";
import { invalidArgument } from "@mall/kit/errors";
import { WorkGate } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { UserRpcConfig } from "./config.ts";
import { passwordsBusy } from "./errors.ts";

const LENGTH_MIN = 6;
/** scrypt takes any length; the limit keeps one request from hashing a book. */
const LENGTH_MAX = 128;

/** @throws AppError INVALID_ARGUMENT naming the field, where a new password is too short or too long. */
export function checkNewPassword(field: string, password: string): void {
  const length = [...password].length;
  if (length < LENGTH_MIN || length > LENGTH_MAX)
    throw invalidArgument(field, `must have ${LENGTH_MIN} to ${LENGTH_MAX} characters`);
}

/** The seed's cost; maxmem must exceed 128·N·r = 32 MiB, which is Node's default limit. */
const COST: ScryptOptions = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const PER_USER_PREFIX = "scrypt$32768$8$1$";
/** A hash takes 32 MiB and a processor for about 100 ms. */
const PROCESSORS = Math.min(availableParallelism(), 3);
/** Of Node's four helper threads one stays free for file and name look-ups. */
const HASHES_AT_ONCE = Math.min(PROCESSORS + 1, 3);
/** Those who wait get their turn within about a second; the next one is asked to retry later. */
const WAITING_MAX = 12 * PROCESSORS;

const scryptAsync = promisify<string, Uint8Array | string, number, ScryptOptions, Buffer>(scrypt);

/**
 * Makes and checks stored password hashes, a few at once. Both reject with RESOURCE_EXHAUSTED PASSWORDS_BUSY
 * where too many wait already, and with the call's error where it ends before its turn.
 */
export interface Passwords {
  /** The hash to store for a new password. */
  hash(call: Call, password: string): Promise<string>;
  /** True where `password` is the one that `stored` was made from. */
  matches(call: Call, password: string, stored: string): Promise<boolean>;
  /** True where `stored` should be replaced by a fresh hash after a good login. */
  isOutdated(stored: string): boolean;
}

export interface PasswordsOptions {
  readonly runtime: Runtime;
  /** The salt that all hashes of the Go original share. */
  readonly seedSalt: string;
  readonly scheme: PasswordScheme;
}

/** `seed-beside`: new hashes are the seed's, and those that are there stay, whoever wrote them. */
export type PasswordScheme = "per-user" | "seed" | "seed-beside";

/** How passwords are kept where the configuration says so, else in a way that keeps a shared table usable for Go. */
export function chooseScheme({
  Salt,
  PasswordScheme,
}: Pick<UserRpcConfig, "Salt" | "PasswordScheme">): PasswordScheme {
  return PasswordScheme ?? (Salt === "" ? "per-user" : "seed-beside");
}

/**
 * Password hashes: scrypt (RFC 7914). The seed's form is 64 hex digits over one salt for everybody; ours
 * is `scrypt$N$r$p$<salt>$<key>` with 16 random bytes of salt for each user.
 */
export function createPasswords(options: PasswordsOptions): Passwords {
  const gate = new WorkGate({ runningMax: HASHES_AT_ONCE, waitingMax: WAITING_MAX, refusal: passwordsBusy });
  const seedHash = async (password: string): Promise<string> =>
    (await scryptAsync(password, options.seedSalt, KEY_BYTES, COST)).toString("hex");
  return {
    hash: (call, password) =>
      gate.run(call, () =>
        options.scheme === "per-user"
          ? perUserHash(password, options.runtime.randomBytes(SALT_BYTES))
          : seedHash(password),
      ),
    matches: async (call, password, stored) => {
      const salt = saltOf(stored);
      const hash = (): Promise<string> =>
        salt === undefined ? seedHash(password) : perUserHash(password, salt);
      return sameText(await gate.run(call, hash), stored);
    },
    isOutdated: (stored) => {
      if (options.scheme === "seed-beside") return false;
      return (options.scheme === "per-user") === (saltOf(stored) === undefined);
    },
  };
}

async function perUserHash(password: string, salt: Uint8Array): Promise<string> {
  const key = await scryptAsync(password, salt, KEY_BYTES, COST);
  return `${PER_USER_PREFIX}${Buffer.from(salt).toString("base64url")}$${key.toString("base64url")}`;
}

function saltOf(stored: string): Uint8Array | undefined {
  if (!stored.startsWith(PER_USER_PREFIX)) return undefined;
  return Buffer.from(stored.slice(PER_USER_PREFIX.length).split("$")[0] ?? "", "base64url");
}

function sameText(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
