/** What stands in the place of a secret. */
const LEFT_OUT = "[left out]";

/**
 * Names of fields whose value is nobody's to read: signatures, keys, certificates, tokens, and data of cards, in what
 * the channels and their SDKs call them; also as a part of a name, e.g. `payment_method_data[card][number]`.
 */
const SECRET =
  /(^|[^a-z]|pay)sign(ature)?$|secret|token|passw|authori[sz]|credential|(^|[_[.-])key$|private|cert|cipher|nonce|(^|[^a-z])(card|cvc|cvv|iban|account_number|bank_account|auth_code)($|[^a-z])/i;

/** Named like secrets, and none. */
const HARMLESS: ReadonlySet<string> = new Set(["idempotency_key", "sign_type"]);

/** Longer bodies are not read, bytes: nothing is to wait for that. */
const BODY_MAX = 64 * 1024;

/** A body without its secrets: JSON and forms field by field; of what is neither, only its length. */
export function withoutSecrets(body: Uint8Array | undefined): string {
  if (body === undefined || body.length === 0) return "";
  const length = `[${body.length} bytes]`;
  if (body.length > BODY_MAX) return length;
  const text = Buffer.from(body).toString("utf8");
  return jsonWithout(text) ?? formWithout(text) ?? length;
}

/** An address without the secrets of its query. */
export function addressWithout(address: string): string {
  const [path = "", query] = address.split("?", 2);
  return query === undefined ? path : `${path}?${formWithout(query) ?? LEFT_OUT}`;
}

function jsonWithout(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text, (name, value) => (isSecret(name) ? LEFT_OUT : value)));
  } catch {
    return undefined;
  }
}

/** Fields of a form, as they are read; one whose value is JSON (Alipay's `biz_content`) without that one's secrets. */
function formWithout(text: string): string | undefined {
  if (!/^[\w[\].%~*+-]+=[^\s<>]*$/.test(text)) return undefined;
  const fields = [...new URLSearchParams(text)];
  return fields
    .map(([name, value]) => `${name}=${isSecret(name) ? LEFT_OUT : (jsonWithout(value) ?? value)}`)
    .join("&");
}

function isSecret(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.has(name);
}
