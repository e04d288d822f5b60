export { coverageOf, type Coverage } from "./coverage.js";
export { openApiIndex, type OpenApiIndex, type OpenApiLeaf, openApiLeaves, type OpenApiList } from "./openapi.js";
export { type Recorded, recordedObjects } from "./recorded.js";
