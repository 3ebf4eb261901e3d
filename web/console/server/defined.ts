/** Without the fields that are undefined, which requests leave out. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const told = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(told) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
