import type { ScalarType } from "./message.ts";

/** What a proto3 field of a scalar holds where nobody set it. */
export function zeroScalar(type: ScalarType): unknown {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "bytes":
      return Buffer.alloc(0);
    default:
      return 0;
  }
}
