import type { z } from "zod";

/** A certificate is of no use without its key. */
export function needsKeyFile(
  server: { readonly CertFile: string; readonly KeyFile: string },
  context: z.RefinementCtx,
): void {
  if ((server.CertFile === "") === (server.KeyFile === "")) return;
  context.addIssue({ code: "custom", path: ["CertFile"], message: "needs KeyFile, and the other way round" });
}
