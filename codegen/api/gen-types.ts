import { docComment, type GeneratedFile, generatedFile } from "../emit/index.ts";
import { type ApiContract, COMMAND } from "./api-contract.ts";
import { printLiteral, propertyName } from "./literal.ts";
import { inputsName, schemaName } from "./names.ts";
import { requestInputs } from "./request-inputs.ts";
import type { ApiField, ApiType } from "./schema.ts";
import { DEFINITIONS, type SchemaSet, schemaSet } from "./shared-schemas.ts";
import { typeText } from "./type-text.ts";

/** `gen/types.ts`: an interface and a JSON Schema for each type. */
export function genTypes(contract: ApiContract): GeneratedFile {
  const { types } = contract.schema;
  const schemas = schemaSet(types);
  const inputs = types.some((type) => requestInputs(type).length > 0) ? ["RequestInputs"] : [];
  return generatedFile({
    path: "gen/types.ts",
    command: COMMAND,
    source: contract.fileName,
    imports: [
      { from: "@mall/kit/rest", names: types.length > 0 ? ["JsonSchema", ...inputs] : [], type: true },
    ],
    body:
      types.length > 0
        ? [...definitionLines(schemas), ...types.flatMap((type) => typeLines(type, schemas))]
        : ["export {};"],
  });
}

function definitionLines({ shared }: SchemaSet): string[] {
  if (shared.size === 0) return [];
  return [
    "/** The schemas that others refer to. */",
    ...printLiteral(Object.fromEntries(shared), `const ${DEFINITIONS}: Record<string, JsonSchema> = `, ";"),
    "",
  ];
}

function typeLines(type: ApiType, schemas: SchemaSet): string[] {
  const before = `export const ${schemaName(type.name)}: JsonSchema = `;
  const inputs = requestInputs(type);
  return [
    ...docComment(type.doc),
    ...interfaceLines(type),
    "",
    ...printLiteral(schemas.schemaOf(type.name), before, ";"),
    "",
    ...(inputs.length === 0
      ? []
      : [...printLiteral(inputs, `export const ${inputsName(type.name)}: RequestInputs = `, ";"), ""]),
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
  if (rules.quoted) return "string";
  if (rules.options === undefined) return typeText(type);
  return rules.options.map((option) => JSON.stringify(option)).join(" | ");
}
