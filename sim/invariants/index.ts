export { readBooks, readOpenWork } from "./books.ts";
export { checkAlways, checkAtEnd } from "./check.ts";
export { Violation } from "./violation.ts";
