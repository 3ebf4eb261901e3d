export { generateApi } from "./generate-api.ts";
export { parseApi, type ReadImport } from "./parse.ts";
