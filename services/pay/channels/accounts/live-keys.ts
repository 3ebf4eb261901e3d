import { statSync } from "node:fs";
import { loadConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { z } from "zod";

/** A file is looked at no more often, milliseconds. */
const LOOK_MS = 1_000;

/** The keys of an account as they are now. */
export interface LiveKeys<Keys> {
  current(): Keys;
}

/** Where the keys of an account stand: in its block, or in a file of their own. */
export interface KeysPlace<Keys> {
  readonly Keys?: Keys | undefined;
  /** Path of a YAML file that is read again when it changes. */
  readonly KeysFile?: string | undefined;
}

interface Outside {
  readonly runtime: Pick<Runtime, "now">;
  readonly log: Logger;
}

/**
 * The keys of an account; those of a file are replaced while the process runs. A file that cannot be used any more
 * changes nothing, and is told of once.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the file cannot be used at first, or there are no keys.
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
        "the new keys of a channel account cannot be used; those before are kept",
      );
    }
  }
}

/** Changes with what a file holds, also where another one is put in its place. */
function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
