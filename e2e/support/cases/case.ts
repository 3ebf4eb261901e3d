import { backgroundCall, type Call } from "@mall/kit/call";
import { AppError, type Code } from "@mall/kit/errors";
import type { Clients, ServiceName } from "../placements.ts";

/** How a call ended: its answer, or all that an error tells a caller. */
export interface Outcome {
  readonly answer?: unknown;
  readonly refusal?: Refusal;
}

interface Refusal {
  readonly code: Code;
  readonly reason: string;
  readonly message: string;
  readonly field: string | undefined;
}

/** One call of one method and what it must lead to, given the calls before it. */
export interface RpcCase {
  /** `service.method`, e.g. `pay.create`. */
  readonly method: string;
  readonly title: string;
  /** The request as a careless caller might build it. */
  readonly request: object;
  /** Of a refusal only what is given is compared. */
  readonly expect: { readonly answer?: object; readonly refusal?: Partial<Refusal> };
}

/** A call that answers. */
export function answers(method: string, title: string, request: object, answer: object): RpcCase {
  return { method, title, request, expect: { answer } };
}

/** A call that is refused as invalid because of one field. */
export function invalid(method: string, title: string, request: object, field: string): RpcCase {
  const refusal = { code: "INVALID_ARGUMENT", reason: "INVALID_FIELD", field } as const;
  return { method, title, request, expect: { refusal } };
}

/** A call that is refused by a rule of the business. */
export function refuses(
  method: string,
  title: string,
  request: object,
  [code, reason, message, field]: readonly [Code, string, string, string?],
): RpcCase {
  return { method, title, request, expect: { refusal: { code, reason, message, field } } };
}

/** Calls a method by its name in TypeScript. */
export async function callMethod(
  clients: Clients,
  method: string,
  request: unknown,
  call: Call = backgroundCall(),
): Promise<Outcome> {
  const [service, property] = method.split(".");
  // A table of cases names methods as text and holds requests of any shape, bad ones too.
  const client = clients[service as ServiceName] as unknown as Record<
    string,
    ((call: Call, request: unknown) => Promise<unknown>) | undefined
  >;
  const bound = client[property ?? ""];
  if (bound === undefined) throw new Error(`there is no method ${method}`);
  return outcomeOf(bound(call, request));
}

/** How a call ends. An error that is no AppError would not be the product's: it is thrown on. */
export async function outcomeOf(pending: Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: await pending };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, reason, message, field } = error;
    return { refusal: { code, reason, message, field } };
  }
}
