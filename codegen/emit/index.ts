export { ContractError, type Position, positionAt } from "./contract-error.ts";
export { docComment, type GeneratedFile, type GeneratedImport, generatedFile } from "./generated-file.ts";
export type { GeneratedLayer } from "./generated-layer.ts";
export { camelCase, kebabCase, lowerFirst, upperFirst } from "./names.ts";
