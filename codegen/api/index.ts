export { describeApi } from "./describe-api.ts";
export { formatApi } from "./format/format-api.ts";
export { generateApi } from "./generate-api.ts";
export { parseApi, type ReadImport } from "./parse.ts";
