export { shrinkRun } from "./shrink-run.ts";
