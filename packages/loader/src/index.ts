export { type EnsureOptions, type EnsureReport, ensureTables } from "./ensure-tables.js";
export { ensureViews } from "./ensure-views.js";
export { openObjectLoader, type OpenLoaderOptions } from "./open-object-loader.js";
export type { Dependant } from "./remove.js";
export type * from "./types.js";
export type { EventTime } from "./event-times.js";
