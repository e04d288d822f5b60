export { type ProfileAttribute, profileAttributes, widen } from "./attributes.js";
export { continuationName } from "./continuations.js";
export * from "./definition.js";
export { type DeleteEvidence, describeObjects, type ObjectDescription } from "./describe.js";
export { DEFAULT_MAX_IDENTIFIER, pathKey, snakeCase } from "./naming.js";
export * from "./registry.js";
export {
  type ColumnChoices,
  type ColumnRegistry,
  isExcluded,
  type RegisteredColumn,
  type ResolveOptions,
  resolveTable,
} from "./resolve.js";
export * from "./table.js";
export { type ViewDefinition, type ViewNames, VIEWS } from "./views.js";
