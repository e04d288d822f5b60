import type { TablePlan } from "../dialect.js";

/**
 * Version of the bookkeeping tables; raised with every change of theirs. `prepare()` makes tables and columns that an older
 * version's schema lacks, so a later column is nullable or has a default; any other change takes a step of its own there.
 */
export const BOOKKEEPING_VERSION = 1;

/** Tables that people and scripts may read: names and columns are stable. */
export const PUBLIC_TABLES = ["_tidemark_runs", "_tidemark_objects"] as const;

/**
 * All bookkeeping tables. Public ones hold instants; internal ones hold milliseconds since the epoch as integers, which
 * every database adds and compares the same way.
 */
export const BOOKKEEPING_TABLES: readonly TablePlan[] = [
  {
    name: "_tidemark_runs",
    primaryKey: ["run_id"],
    columns: [
      { name: "run_id", type: "text", indexed: true, notNull: true },
      { name: "pipeline", type: "text", indexed: true, isName: true, notNull: true },
      { name: "status", type: "text", notNull: true },
      { name: "started_at", type: "instant", notNull: true },
      { name: "finished_at", type: "instant" },
      { name: "complete_as_of", type: "instant" },
      { name: "requests", type: "integer" },
      { name: "objects", type: "json" },
      { name: "error", type: "json" },
      { name: "tidemark_version", type: "text" },
    ],
    indexes: [["pipeline", "started_at"]],
  },
  {
    name: "_tidemark_objects",
    primaryKey: ["object"],
    columns: [
      { name: "object", type: "text", indexed: true, notNull: true },
      { name: "pipeline", type: "text" },
      { name: "table_name", type: "text" },
      { name: "status", type: "text" },
      { name: "mode", type: "text" },
      { name: "watermark", type: "instant" },
      { name: "rows", type: "integer" },
      { name: "last_run_id", type: "text" },
      { name: "last_run_at", type: "instant" },
      { name: "last_success_at", type: "instant" },
      { name: "last_reconcile_at", type: "instant" },
      { name: "complete_as_of", type: "instant" },
      { name: "degraded", type: "text" },
      { name: "error_code", type: "text" },
      { name: "error_message", type: "text" },
    ],
  },
  {
    name: "_tidemark_meta",
    primaryKey: ["name"],
    columns: [
      { name: "name", type: "text", indexed: true, notNull: true },
      { name: "value", type: "text" },
    ],
  },
  {
    name: "_tidemark_leases",
    primaryKey: ["object"],
    columns: [
      { name: "object", type: "text", indexed: true, notNull: true },
      { name: "holder", type: "text" },
      { name: "token", type: "integer", notNull: true },
      { name: "expires_ms", type: "integer", notNull: true },
    ],
  },
  {
    name: "_tidemark_checkpoints",
    primaryKey: ["object"],
    columns: [
      { name: "object", type: "text", indexed: true, notNull: true },
      { name: "pass_id", type: "text" },
      { name: "pass_mode", type: "text" },
      { name: "pass_started_ms", type: "integer" },
      { name: "position", type: "text" },
      { name: "watermark_ms", type: "integer" },
      { name: "memory", type: "text" },
      { name: "staged", type: "integer", notNull: true },
      { name: "sequence", type: "integer", notNull: true },
      { name: "rows_before", type: "integer" },
      { name: "from_empty", type: "boolean", notNull: true },
    ],
  },
  {
    name: "_tidemark_scopes",
    primaryKey: ["object", "scope"],
    columns: [
      { name: "object", type: "text", indexed: true, notNull: true },
      { name: "scope", type: "text", indexed: true, notNull: true },
    ],
  },
  {
    name: "_tidemark_tables",
    primaryKey: ["table_name"],
    columns: [
      { name: "table_name", type: "text", indexed: true, notNull: true },
      { name: "object", type: "text", notNull: true },
      { name: "kind", type: "text", notNull: true },
      { name: "key_columns", type: "text", notNull: true },
      { name: "created_at", type: "instant", byDefault: "now" },
    ],
  },
  {
    name: "_tidemark_columns",
    primaryKey: ["table_name", "column_name"],
    columns: [
      { name: "table_name", type: "text", indexed: true, notNull: true },
      { name: "column_name", type: "text", indexed: true, notNull: true },
      { name: "path", type: "text", notNull: true },
      { name: "type", type: "text", notNull: true },
      { name: "added_at", type: "instant", byDefault: "now" },
    ],
  },
  {
    name: "_tidemark_queue",
    primaryKey: ["id"],
    columns: [
      { name: "id", type: "text", indexed: true, notNull: true },
      { name: "version", type: "integer", notNull: true },
      { name: "object", type: "text", indexed: true, isName: true, notNull: true },
      { name: "effect", type: "text", notNull: true },
      { name: "key_values", type: "text", notNull: true },
      { name: "event_ms", type: "integer", notNull: true },
      { name: "due_ms", type: "integer", notNull: true },
      { name: "seq", type: "integer", notNull: true },
    ],
    indexes: [["object", "due_ms"]],
  },
];
