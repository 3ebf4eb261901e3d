/** Properties of bodies that are not shown whole. */
const SECRET_PROPERTIES: ReadonlySet<string> = new Set(["password", "accessToken"]);
const PASSWORD_SHOWN = 2;
/** Of a token the end is shown: it is the signature's, while all beginnings are alike. */
const TOKEN_SHOWN = 8;
/** Longer answers (an error page of somebody else) would bury the rest. */
const BODY_LENGTH_MAX = 500;

/** A JSON body with passwords and tokens shortened; other text as it is, cut to a readable length. */
export function shortenBody(body: string): string {
  const shown = parses(body) ? JSON.stringify(JSON.parse(body, shortenSecret)) : body;
  return shown.length > BODY_LENGTH_MAX ? `${shown.slice(0, BODY_LENGTH_MAX)}…` : shown;
}

/** Enough of a token to tell it from another, too little to use it. */
export function shortenToken(token: string): string {
  return `…${token.slice(-TOKEN_SHOWN)}`;
}

function shortenSecret(key: string, value: unknown): unknown {
  if (!SECRET_PROPERTIES.has(key) || typeof value !== "string") return value;
  return key === "password" ? `${value.slice(0, PASSWORD_SHOWN)}…` : shortenToken(value);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
