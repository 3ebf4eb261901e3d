/** Where the commands say what they did. */
export interface Output {
  out(line: string): void;
  err(text: string): void;
}

/** The same for the tables of a model as for the routes of an api: one path a line. */
export function tellPaths({ out }: Output, paths: readonly string[]): void {
  for (const path of paths) out(path);
}
