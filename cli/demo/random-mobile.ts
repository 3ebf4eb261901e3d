import type { Runtime } from "@mall/kit/runtime";

/** 11 digits as in mainland China, from a block of 10^9 so that the demo can be played again and again. */
export function randomMobile(runtime: Runtime): string {
  const digits = Buffer.from(runtime.randomBytes(6)).readUIntBE(0, 6) % 1_000_000_000;
  return `15${digits.toString().padStart(9, "0")}`;
}
