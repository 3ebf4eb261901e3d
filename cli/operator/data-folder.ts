import { Option } from "commander";

/** Where a mall in one process keeps its data by default. */
export const DEFAULT_DATA_DIR = "./data";

/** Names a mall in one process by its folder; excludes the other ways to name one, by their attributes. */
export function dataFolderOption(...others: string[]): Option {
  const description = `data folder of an all-in-one mall (default ${DEFAULT_DATA_DIR})`;
  return new Option("--data <folder>", description).conflicts(others);
}
