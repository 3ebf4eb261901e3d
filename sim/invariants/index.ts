export { checkAcknowledged, checkAlways } from "./always.ts";
export { readBooks } from "./books.ts";
export { Violation } from "./violation.ts";
