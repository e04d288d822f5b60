export { NO_CHECKPOINT, readCheckpoint, type StoredCheckpoint, writeCheckpoint } from "./bookkeeping/checkpoints.js";
export { checkLease, type Lease, type LeaseOptions, refuseIfHeld } from "./bookkeeping/leases.js";
export { type OrgIdentity, readMeta, writeMeta } from "./bookkeeping/meta.js";
export { columnNames, grantTo, tableColumns, tableNames } from "./bookkeeping/prepare.js";
export { type FeedCursor, settle, type WorkEntry, type WorkItem } from "./bookkeeping/queue.js";
export {
  forgetTable,
  readRegistry,
  forgetColumn,
  registerColumn,
  type RegisteredColumn,
  type RegisteredTable,
  registerNewTable,
  registerTable,
  type TableKind,
} from "./bookkeeping/registry.js";
export {
  type ObjectStatus,
  type ObjectStatusChange,
  putObjectStatus,
  type RunEnd,
  type RunRecord,
  type RunStatus,
} from "./bookkeeping/runs.js";
export type { WarehouseConfig, WarehouseDependencies } from "./config.js";
export {
  BOOKKEEPING,
  type BulkRow,
  type BulkTarget,
  type Capabilities,
  type ColumnPlan,
  type Dialect,
  type HistoryPlan,
  type KeySet,
  type Match,
  type MergePlan,
  type Result,
  type RowsMatching,
  type SelectMatching,
  type ServerInfo,
  type Source,
  type Statement,
  type TablePlan,
} from "./dialect.js";
export { isWarehouseType, openWarehouse } from "./open.js";
export { contentColumns } from "./room.js";
export type { AgingTable } from "./drop-older.js";
export type { Condition, SelectKeysOptions } from "./select.js";
export type { Store, WarehouseTransaction } from "./store.js";
export type { Warehouse } from "./warehouse.js";
