import { join, resolve } from "node:path";
import { shebangFlags } from "@mall/kit/testing";

const SCRIPT = join(resolve(import.meta.dirname, ".."), "cli/bin/mall.js");

/** Flags of `node` that the command `mall` runs with. */
export const MALL_FLAGS: readonly string[] = shebangFlags(SCRIPT);

/** What `node` runs for `mall`: the flags that the command has, and its script. */
export const MALL_COMMAND: readonly string[] = [...MALL_FLAGS, SCRIPT];
