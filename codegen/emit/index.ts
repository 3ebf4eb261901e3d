export { ContractError, createPositions, type Position } from "./contract-error.ts";
export {
  docComment,
  type GeneratedFile,
  type GeneratedImport,
  generatedFile,
  isGenerated,
} from "./generated-file.ts";
export type { GeneratedLayer } from "./generated-layer.ts";
export { camelCase, isReservedWord, kebabCase, logicName, lowerFirst, pascalCase } from "./names.ts";
export { Problems } from "./problems.ts";
export { unwrittenBody } from "./unwritten.ts";
