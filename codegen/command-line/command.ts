import { helpText } from "./help.ts";
import { type FlagValue, type Option, readOption } from "./option.ts";
import { readArguments, type Told } from "./read-arguments.ts";
import { didYouMean } from "./similar.ts";

/** The end of a command line that was answered with words only; they are said already. */
export class CommandLineEnd extends Error {
  /** Whether it was not understood; else it asked for help or the version. */
  readonly wrong: boolean;

  constructor(wrong: boolean) {
    super(wrong ? "a command line that is not understood" : "a command line that is answered");
    this.name = "CommandLineEnd";
    this.wrong = wrong;
  }
}

/** Where a command line is answered. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
}

type Action = (told: Told, command: Command) => Promise<void> | void;

const HELP: ReadonlySet<string> = new Set(["-h", "--help"]);

/**
 * A command with its flags, or with the commands below it. Made for a program that runs often and shortly: it loads
 * nothing, and what its actions need they load themselves.
 */
export class Command {
  readonly #name: string;
  readonly #output: CommandOutput;
  readonly #parent: Command | undefined;
  readonly #hidden: boolean;
  readonly #commands: Command[] = [];
  readonly #options: Option[] = [];
  #description = "";
  #argument: { readonly name: string; readonly description: string } | undefined;
  #after = "";
  #afterError = "";
  #version: string | undefined;
  #action: Action | undefined;

  constructor(name: string, output: CommandOutput, parent?: Command, hidden = false) {
    this.#name = name;
    this.#output = output;
    this.#parent = parent;
    this.#hidden = hidden;
  }

  /** A command below this one. */
  command(name: string, { hidden = false }: { readonly hidden?: boolean } = {}): Command {
    const command = new Command(name, this.#output, this, hidden);
    this.#commands.push(command);
    return command;
  }

  description(text: string): this {
    this.#description = text;
    return this;
  }

  /** What `-v` and `--version` answer. */
  version(text: string): this {
    this.#version = text;
    return this.option("-v, --version", "output the version number");
  }

  /** A word that is no flag: `<name>`, or `[file]` where it may be missing. */
  argument(name: string, description: string): this {
    this.#argument = { name, description };
    return this;
  }

  /** @param initial its value where it is not said */
  option(flags: string, description: string, initial?: FlagValue): this {
    this.#options.push(readOption(flags, description, { required: false, hidden: false, initial }));
    return this;
  }

  requiredOption(flags: string, description: string): this {
    this.#options.push(readOption(flags, description, { required: true, hidden: false }));
    return this;
  }

  /** One that help does not tell of. */
  hiddenOption(flags: string): this {
    this.#options.push(readOption(flags, "", { required: false, hidden: true }));
    return this;
  }

  /** What help ends with. */
  helpAfter(text: string): this {
    this.#after = text;
    return this;
  }

  /** What follows each error, of the commands below too. */
  afterError(text: string): this {
    this.#afterError = text;
    return this;
  }

  /** What it does; the flags are those that were declared. */
  action<Flags>(
    run: (flags: Flags, word: string | undefined, command: Command) => Promise<void> | void,
  ): this {
    // The options above say what the flags are, and the caller beside them.
    this.#action = ({ flags, words }, command) => run(flags as Flags, words[0], command);
    return this;
  }

  /**
   * Does what the arguments say.
   *
   * @throws CommandLineEnd where they are not understood, or ask for no more than words.
   */
  async run(args: readonly string[]): Promise<void> {
    const [first, ...rest] = args;
    if (this.#action === undefined) return this.#runBelow(first, rest);
    if (args.some((arg) => HELP.has(arg))) return this.#tellHelp();
    const told = readArguments(args, this.#options, (what) => this.error(what));
    this.#checkWords(told.words);
    await this.#action(told, this);
  }

  /** Ends the command line with an error. */
  error(what: string): never {
    let after = "";
    for (let each: Command | undefined = this; each !== undefined; each = each.#parent)
      after ||= each.#afterError;
    this.#output.err(`error: ${what}\n${after === "" ? "" : `${after}\n`}`);
    throw new CommandLineEnd(true);
  }

  async #runBelow(first: string | undefined, rest: readonly string[]): Promise<void> {
    if (first === undefined) {
      this.#output.err(`${this.#help()}\n`);
      throw new CommandLineEnd(true);
    }
    if (HELP.has(first)) return this.#tellHelp();
    if (first === "help") return this.#below(rest).#tellHelp();
    if (this.#version !== undefined && (first === "-v" || first === "--version"))
      return this.#tell(this.#version);
    if (first.startsWith("-")) return this.error(`unknown option '${first}'`);
    await this.#find(first).run(rest);
  }

  #find(name: string): Command {
    const found = this.#commands.find((command) => command.#name === name);
    if (found !== undefined) return found;
    const names = this.#commands.filter((command) => !command.#hidden).map((command) => command.#name);
    return this.error(`unknown command '${name}'${didYouMean(name, names)}`);
  }

  #below([name, ...rest]: readonly string[]): Command {
    return name === undefined ? this : this.#find(name).#below(rest);
  }

  #checkWords(words: readonly string[]): void {
    const most = this.#argument === undefined ? 0 : 1;
    if (words.length > most) {
      const expected = `Expected ${most} argument${most === 1 ? "" : "s"} but got ${words.length}`;
      this.error(`too many arguments for '${this.#name}'. ${expected}: ${words.join(", ")}.`);
    }
    if (this.#argument?.name.startsWith("<") && words.length === 0)
      this.error(`missing required argument '${this.#argument.name.slice(1, -1)}'`);
  }

  #path(): string {
    return this.#parent === undefined ? this.#name : `${this.#parent.#path()} ${this.#name}`;
  }

  #help(): string {
    const shown = this.#commands.filter((command) => !command.#hidden);
    return helpText({
      path: this.#path(),
      description: this.#description,
      argument: this.#argument,
      options: this.#options,
      commands: shown.map((command) => ({ line: command.#line(), description: command.#description })),
      after: this.#after,
    });
  }

  #line(): string {
    const below = this.#commands.length > 0 ? ["[command]"] : ["[options]"];
    return [this.#name, ...below, ...(this.#argument === undefined ? [] : [this.#argument.name])].join(" ");
  }

  #tellHelp(): never {
    return this.#tell(this.#help());
  }

  #tell(text: string): never {
    this.#output.out(text);
    throw new CommandLineEnd(false);
  }
}
