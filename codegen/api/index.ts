export { generateApi } from "./generate-api.ts";
