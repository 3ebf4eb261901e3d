export { type GenerateApiOptions, generateApi } from "./generate-api.ts";
