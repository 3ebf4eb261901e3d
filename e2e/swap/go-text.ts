import { codeOfGrpcStatus } from "@mall/kit/errors";
import { GoStatus } from "@mall/kit/testing";

/** What `err.Error()` says in Go: of an rpc that failed with its code, of anything else with its text alone. */
export function goText(error: unknown): string {
  if (!(error instanceof GoStatus)) return error instanceof Error ? error.message : String(error);
  return `rpc error: code = ${goNameOf(error.code)} desc = ${error.message}`;
}

/** As grpc-go names its codes: `NotFound`; numbers that gRPC does not know have none. */
function goNameOf(code: number): string {
  const name = codeOfGrpcStatus(code);
  if (name === undefined) return `Code(${code})`;
  // One l in Go.
  if (name === "CANCELLED") return "Canceled";
  return name.replace(/([A-Z])([A-Z]*)_?/g, (_, first: string, rest: string) => first + rest.toLowerCase());
}
