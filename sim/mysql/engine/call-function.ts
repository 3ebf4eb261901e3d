import type { Cell } from "../catalog/table.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { LITERAL, type ValueType } from "./compare.ts";
import type { Compiled } from "./scope.ts";

const TEXT: ValueType = {
  kind: "text",
  lengthMax: Number.POSITIVE_INFINITY,
  fixed: false,
  collation: "utf8mb4_general_ci",
};

/** A call of one of the few functions that statements use. */
export function callFunction(name: string, args: readonly Compiled[]): Compiled {
  switch (name) {
    case "CONCAT":
      return concat(args);
    case "COALESCE":
      return coalesce(args);
    case "VERSION":
      return { evaluate: ({ host }) => host.version, type: TEXT };
    case "JSON_EXTRACT":
      return jsonExtract(args);
    default:
      throw new UnsupportedSql(`a function ${name}`);
  }
}

function concat(args: readonly Compiled[]): Compiled {
  return {
    evaluate: (scope) => {
      let text = "";
      for (const { evaluate } of args) {
        const value = evaluate(scope);
        if (value === null) return null;
        if (value instanceof Uint8Array) throw new UnsupportedSql("CONCAT of bytes");
        text += value;
      }
      return text;
    },
    type: TEXT,
  };
}

function coalesce(args: readonly Compiled[]): Compiled {
  return {
    evaluate: (scope) => {
      for (const { evaluate } of args) {
        const value = evaluate(scope);
        if (value !== null) return value;
      }
      return null;
    },
    type: args[0]?.type ?? LITERAL,
  };
}

/** A number or text of a JSON object: `$.name`. */
function jsonExtract([json, path]: readonly Compiled[]): Compiled {
  if (json === undefined || path === undefined) throw new UnsupportedSql("JSON_EXTRACT without a path");
  return {
    evaluate: (scope): Cell => {
      const [text, where] = [json.evaluate(scope), path.evaluate(scope)];
      const name = /^\$\.(\w+)$/.exec(String(where))?.[1];
      if (typeof text !== "string" || name === undefined)
        throw new UnsupportedSql(`JSON_EXTRACT at ${String(where)}`);
      const value: unknown = Reflect.get(Object(JSON.parse(text)), name);
      if (value === undefined || value === null) return null;
      if (typeof value === "number" || typeof value === "string") return value;
      throw new UnsupportedSql(`JSON_EXTRACT of ${typeof value}`);
    },
    type: LITERAL,
  };
}
