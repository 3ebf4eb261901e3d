export { Command, CommandLineEnd } from "./command.ts";
