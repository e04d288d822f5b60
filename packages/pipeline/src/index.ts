export type { ProgressEvent, ProgressListener } from "./progress.js";
export { connectWarehouse } from "./connect.js";
export { replicate } from "./replicate.js";
export { exitCodeOf, type ObjectReport, type ObjectStatus, type RunReport, type RunStatus } from "./report.js";
export type { ReplicateOptions } from "./run.js";
export { check, exitCodeOfCheck } from "./check/check.js";
export type {
  BucketCheck,
  CheckOptions,
  CheckProblem,
  CheckProgress,
  CheckReport,
  ConnectionCheck,
  Cost,
  CsvCheck,
  LoadEstimate,
  ObjectCheck,
  ObjectEstimate,
  OktaCheck,
  OktaCredentials,
  WarehouseCheck,
} from "./check/types.js";
export {
  exitCodeOfStatus,
  type LastRun,
  type ObjectState,
  type PipelineStatus,
  status,
  type StatusOptions,
  type StatusReport,
} from "./status.js";
