/** A variable between braces, or the escape of the opening brace. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;

/**
 * Puts `lookUp(NAME)` in place of each `${NAME}`; `$${` stands for `${` itself. Any other `$` is a dollar
 * sign, as in the mall's files, which go-zero reads without its UseEnv. What a variable holds is not looked
 * through again.
 */
export function expandVariables(text: string, lookUp: (name: string) => string): string {
  return text.replace(REFERENCE, (_whole, name: string | undefined) =>
    name === undefined ? "${" : lookUp(name),
  );
}
