import { isSchema } from "./field-path.ts";
import type { RequestInputs } from "./route.ts";

/** A request with its fields where a server looks for them. */
export interface PlacedInputs {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Puts the fields of a request into path, query and headers; what none of them takes stays in the body. */
export function placeInputs(path: string, inputs: RequestInputs, request: unknown): PlacedInputs {
  if (!isSchema(request) || inputs.length === 0) return { target: path, headers: {}, body: request };
  const body: Record<string, unknown> = { ...request };
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let target = path;
  for (const { from, name, property, orBody } of inputs) {
    const value = request[property];
    if (value === undefined || value === null) continue;
    if (from === "path") target = target.replace(`:${name}`, encodeURIComponent(String(value)));
    else if (from === "header") headers[name] = [value].flat().join(",");
    else for (const each of [value].flat()) query.append(name, String(each));
    if (orBody !== true) delete body[property];
  }
  return { target: query.size === 0 ? target : `${target}?${query}`, headers, body };
}
