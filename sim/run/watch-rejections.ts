/** Hears of promises that were rejected and that nobody looks at: they would end a real process. */
export function watchRejections(onRejection: (error: unknown) => void): () => void {
  process.on("unhandledRejection", onRejection);
  return () => process.off("unhandledRejection", onRejection);
}
