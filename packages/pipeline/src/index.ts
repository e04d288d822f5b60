export type { ProgressEvent, ProgressListener } from "./progress.js";
export { replicate } from "./replicate.js";
export { exitCodeOf, type ObjectReport, type ObjectStatus, type RunReport, type RunStatus } from "./report.js";
export type { ReplicateOptions } from "./run.js";
