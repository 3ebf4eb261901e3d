import { docComment, type GeneratedFile, generatedFile } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import { inlineStructs, type StructSchema } from "./json-schema.ts";
import { printLiteral, propertyName } from "./literal.ts";
import { schemaName } from "./names.ts";
import type { ApiField, ApiType } from "./schema.ts";
import { typeText } from "./type-text.ts";

/** `gen/types.ts`: an interface and a JSON Schema for each type. */
export function genTypes(contract: ApiContract): GeneratedFile {
  const { types } = contract.schema;
  const structSchema = inlineStructs(types);
  return generatedFile({
    path: "gen/types.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [{ from: "@mall/kit/rest", names: types.length > 0 ? ["JsonSchema"] : [], type: true }],
    body: types.length > 0 ? types.flatMap((type) => typeLines(type, structSchema)) : ["export {};"],
  });
}

function typeLines(type: ApiType, structSchema: StructSchema): string[] {
  const before = `export const ${schemaName(type.name)}: JsonSchema = `;
  return [
    ...docComment(type.doc),
    ...interfaceLines(type),
    "",
    ...printLiteral(structSchema(type.name), before, ";"),
    "",
  ];
}

function interfaceLines(type: ApiType): string[] {
  if (type.fields.length === 0) return [`export interface ${type.name} {}`];
  return [`export interface ${type.name} {`, ...type.fields.flatMap(fieldLines), "}"];
}

function fieldLines(field: ApiField): string[] {
  // A default fills what is left out before the logic sees it.
  const absent = field.rules.optional && field.rules.default === undefined;
  const name = propertyName(field.jsonName);
  const type = fieldTypeText(field);
  return [
    ...docComment(field.description, "  "),
    absent ? `  ${name}?: ${type} | undefined;` : `  ${name}: ${type};`,
  ];
}

function fieldTypeText({ type, rules }: ApiField): string {
  if (rules.options === undefined) return typeText(type);
  return rules.options.map((option) => JSON.stringify(option)).join(" | ");
}
