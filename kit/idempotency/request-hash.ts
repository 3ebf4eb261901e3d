import { createHash } from "node:crypto";

/**
 * SHA-256 of a request, hexadecimal: the same for messages with the same values, in whatever order their fields
 * were set. A field that is undefined counts as left out. Numbers, texts, booleans, lists and objects of them only.
 */
export function requestHash(request: unknown): string {
  return createHash("sha256").update(canonicalJson(request)).digest("hex");
}

function canonicalJson(request: unknown): string {
  return JSON.stringify(request, (_name, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
