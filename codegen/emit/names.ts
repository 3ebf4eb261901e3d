/** What nearly all names are. What goes by the letters of all languages takes long to compile. */
const PLAIN = /^[\w$]*$/;
/** What is one already. */
const CAMEL_CASE = /^[a-z][A-Za-z0-9$]*$/;
const KEBAB = [/([a-z0-9])([A-Z])/g, /([A-Z])([A-Z][a-z])/g] as const;
const KEBAB_OF_ANY = [/([\p{Ll}\p{N}])(\p{Lu})/gu, /(\p{Lu})(\p{Lu}\p{Ll})/gu] as const;

/** `Uid` → `uid`: how a contract's name becomes a property or a function. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/**
 * `create_time`, `pay-gateway` → `createTime`, `payGateway`: how a SQL or file name becomes a value's name, which no
 * digit begins.
 */
export function camelCase(name: string): string {
  if (CAMEL_CASE.test(name)) return name;
  const plain = PLAIN.test(name);
  const [first = "", ...rest] = name.split(plain ? /_+/ : /[^\p{L}\p{N}$]+/u).filter((word) => word !== "");
  const joined = lowerFirst(first) + rest.map(upperFirst).join("");
  return (plain ? /^[A-Za-z$]/ : /^[\p{L}$]/u).test(joined) ? joined : `_${joined}`;
}

/** `pay_attempt`, `pay-gateway` → `PayAttempt`, `PayGateway`: how a SQL or file name becomes a type's name. */
export function pascalCase(name: string): string {
  return upperFirst(camelCase(name));
}

/** `DecrStockRevert`, `pay_attempt` → `decr-stock-revert`, `pay-attempt`: how a name becomes a file. */
export function kebabCase(name: string): string {
  const [lower, upper] = PLAIN.test(name) ? KEBAB : KEBAB_OF_ANY;
  return name.replace(lower, "$1-$2").replace(upper, "$1-$2").replaceAll("_", "-").toLowerCase();
}

const RESERVED_WORDS = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval " +
    "export extends false finally for function if implements import in instanceof interface let new null " +
    "package private protected public return static super switch this throw true try typeof undefined var " +
    "void while with yield"
  ).split(" "),
);

/** Whether TypeScript keeps a word for itself: it cannot name a function or a parameter. */
export function isReservedWord(name: string): boolean {
  return RESERVED_WORDS.has(name);
}

// What generated code calls its own values.
const PARAMETERS = new Set(["call", "context", "request", "requests"]);

/** The exported function of a method's logic: `DecrStock` → `decrStock`, `Delete` → `deleteLogic`. */
export function logicName(method: string): string {
  const name = lowerFirst(method);
  return isReservedWord(name) || PARAMETERS.has(name) ? `${name}Logic` : name;
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
