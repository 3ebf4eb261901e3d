import type { ScalarType } from "./message.ts";

/** The key of a map as its scalar; objects hold all keys as text. */
export function keyValue(type: ScalarType, name: string): unknown {
  if (type === "string") return name;
  return type === "bool" ? name === "true" : Number(name);
}

/** Whether text is how a key of that scalar reads. */
export function isKeyText(type: ScalarType, name: string): boolean {
  if (type === "string") return name !== "__proto__";
  if (type === "bool") return name === "true" || name === "false";
  return /^(?:0|-?[1-9]\d*)$/.test(name);
}
