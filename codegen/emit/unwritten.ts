/** The body of a scaffold: it refuses until somebody writes it. One that streams its answers has none of them yet. */
export function unwrittenBody(what: string, streams = false): string[] {
  return [
    ...(streams ? ["  yield* []; // the answers, as they come"] : []),
    `  throw new AppError("UNIMPLEMENTED", "UNIMPLEMENTED", "${what} is not implemented");`,
  ];
}
