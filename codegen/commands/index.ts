export { generateLayer, type LayerName } from "./generate-layer.ts";
export { listFiles } from "./list-files.ts";
export { type ServiceLayer, serviceLayers } from "./service-layers.ts";
