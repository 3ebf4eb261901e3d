import { statSync } from "node:fs";
import { loadConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { z } from "zod";

/** Minimum interval between checks of a key file, milliseconds. */
const LOOK_MS = 1_000;

/** The current keys of an account. */
export interface LiveKeys<Keys> {
  current(): Keys;
}

/** Where an account's keys are: in its configuration block, or in a file of their own. */
export interface KeysPlace<Keys> {
  readonly Keys?: Keys | undefined;
  /** Path of a YAML file that is reread when it changes. */
  readonly KeysFile?: string | undefined;
}

interface Outside {
  readonly runtime: Pick<Runtime, "now">;
  readonly log: Logger;
}

/**
 * The keys of an account. Keys from a file can be replaced while the process runs: a new version that cannot be used is
 * ignored and logged once.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if the file cannot be used at startup, or if there are no keys.
 */
export function liveKeys<Schema extends z.ZodType>(
  account: string,
  { Keys, KeysFile }: KeysPlace<z.output<Schema>>,
  { schema, outside }: { readonly schema: Schema; readonly outside: Outside },
): LiveKeys<z.output<Schema>> {
  if (Keys !== undefined) return { current: () => Keys };
  if (KeysFile !== undefined) return new KeysOfFile(account, KeysFile, schema, outside);
  const message = `account ${account} of Channels has no keys: give it Keys, or KeysFile`;
  throw new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", message);
}

class KeysOfFile<Schema extends z.ZodType> implements LiveKeys<z.output<Schema>> {
  readonly #account: string;
  readonly #file: string;
  readonly #schema: Schema;
  readonly #outside: Outside;
  #keys: z.output<Schema>;
  #version: string;
  #lookedAt: number;

  constructor(account: string, file: string, schema: Schema, outside: Outside) {
    this.#account = account;
    this.#file = file;
    this.#schema = schema;
    this.#outside = outside;
    this.#version = versionOf(file);
    this.#keys = loadConfig(file, schema);
    this.#lookedAt = outside.runtime.now();
  }

  current(): z.output<Schema> {
    const now = this.#outside.runtime.now();
    if (Math.abs(now - this.#lookedAt) >= LOOK_MS) {
      this.#lookedAt = now;
      this.#look();
    }
    return this.#keys;
  }

  #look(): void {
    const version = versionOf(this.#file);
    if (version === this.#version) return;
    this.#version = version;
    const { log } = this.#outside;
    const account = this.#account;
    try {
      this.#keys = loadConfig(this.#file, this.#schema);
      log.info({ channel: account }, "the keys of a channel account were replaced");
    } catch (error) {
      log.error(
        { channel: account, error },
        "the new keys of a channel account cannot be used; keeping the previous ones",
      );
    }
  }
}

/** Changes whenever the file's content does, or another file takes its place. */
function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
