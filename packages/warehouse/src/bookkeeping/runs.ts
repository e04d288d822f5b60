import { randomUUID } from "node:crypto";

import type { PassMode } from "@tidemark/kernel";

import type { Store, WarehouseTransaction } from "../store.js";
import { databaseNow, liveLeases } from "./leases.js";

const RUNS = "_tidemark_runs";
const OBJECTS = "_tidemark_objects";

export type RunStatus = "running" | "succeeded" | "partial" | "failed" | "interrupted";

/** One row of `_tidemark_runs`. Instants are ms since the epoch. */
export interface RunRecord {
  readonly runId: string;
  readonly pipeline: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Everything in Okta before this instant is in the tables; null when the run cannot promise it. */
  readonly completeAsOf: number | null;
  readonly requests: number | null;
  /** What the run did to each object, as `replicate --json` shows it. */
  readonly objects: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly tidemarkVersion: string | null;
}

/** One row of `_tidemark_objects`. Instants are ms since the epoch. */
export interface ObjectStatus {
  readonly object: string;
  readonly pipeline: string | null;
  readonly tableName: string | null;
  readonly status: string | null;
  readonly mode: PassMode | null;
  readonly watermark: number | null;
  readonly rows: number | null;
  readonly lastRunId: string | null;
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastReconcileAt: number | null;
  readonly completeAsOf: number | null;
  /** Why the object is kept current in a lesser way than it could be; null when it is not. */
  readonly degraded: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** The fields to change; what is left out stays. */
export type ObjectStatusChange = Pick<ObjectStatus, "object"> & Partial<ObjectStatus>;

const OBJECT_COLUMNS = {
  object: "object",
  pipeline: "pipeline",
  tableName: "table_name",
  status: "status",
  mode: "mode",
  watermark: "watermark",
  rows: "rows",
  lastRunId: "last_run_id",
  lastRunAt: "last_run_at",
  lastSuccessAt: "last_success_at",
  lastReconcileAt: "last_reconcile_at",
  completeAsOf: "complete_as_of",
  degraded: "degraded",
  errorCode: "error_code",
  errorMessage: "error_message",
} as const satisfies Record<keyof ObjectStatus, string>;

const INSTANTS: ReadonlySet<string> = new Set([
  "watermark",
  "lastRunAt",
  "lastSuccessAt",
  "lastReconcileAt",
  "completeAsOf",
]);

/** An instant as every driver binds it. */
export function instantOf(at: number | string | null): Date | null {
  return at === null ? null : new Date(at);
}

function instantMs(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}

/** A run this young may be between two leases. */
const YOUNG_MS = 60_000;

/** Runs of the pipeline that say `running` and of which no lease knows any more were cut off. */
async function closeLostRuns(tx: WarehouseTransaction, store: Store, pipeline: string): Promise<void> {
  const before = instantOf((await databaseNow(tx, store)) - YOUNG_MS);
  const rows: unknown = await tx
    .table(RUNS)
    .where({ pipeline, status: "running" })
    .where("started_at", "<", before)
    .select("run_id");
  const holders = (await liveLeases(tx, store)).map((lease) => lease.holder);
  for (const { run_id: lost } of rows as { run_id: string }[]) {
    if (holders.some((holder) => holder.includes(lost))) continue;
    await tx.table(RUNS).where({ run_id: lost, status: "running" }).update({ status: "interrupted" });
  }
}

/**
 * Records that a run began; returns its id. Runs of the same pipeline that never recorded their end, and whose id no
 * live lease's holder names, become `interrupted`.
 */
export async function startRun(
  store: Store,
  run: { readonly pipeline: string; readonly startedAt: number; readonly version?: string },
): Promise<string> {
  const runId = randomUUID();
  await store.transaction("record the run's start", async (tx) => {
    await closeLostRuns(tx, store, run.pipeline);
    await tx.table(RUNS).insert({
      run_id: runId,
      pipeline: run.pipeline,
      status: "running",
      started_at: instantOf(run.startedAt),
      tidemark_version: run.version ?? null,
    });
  });
  return runId;
}

/** How a run ended, as `replicate --json` shows it. Instants are ISO texts. */
export interface RunEnd {
  readonly run: string;
  readonly status: Exclude<RunStatus, "running">;
  readonly finishedAt: string;
  readonly completeAsOf: string | null;
  readonly requests: number;
  readonly objects: readonly unknown[];
  readonly error?: { readonly code: string; readonly message: string } | null;
}

/** Records how a run ended. */
export async function finishRun(store: Store, run: RunEnd): Promise<void> {
  const { cleanJson } = store.dialect;
  await store.guard("record the run's end", () =>
    store
      .table(RUNS)
      .where({ run_id: run.run })
      .update({
        status: run.status,
        finished_at: instantOf(run.finishedAt),
        complete_as_of: instantOf(run.completeAsOf),
        requests: run.requests,
        objects: cleanJson(JSON.stringify(run.objects)),
        error: run.error ? cleanJson(JSON.stringify(run.error)) : null,
      }),
  );
}

function json(value: unknown): unknown {
  return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
}

/** The newest runs, of one pipeline or all. */
export async function recentRuns(store: Store, which: { pipeline?: string; limit: number }): Promise<RunRecord[]> {
  const rows = await store.guard("read the runs", () =>
    store
      .table(RUNS)
      .modify((query) => (which.pipeline === undefined ? undefined : query.where({ pipeline: which.pipeline })))
      .orderBy("started_at", "desc")
      .limit(which.limit)
      .select(),
  );
  return (rows as Record<string, unknown>[]).map((row) => ({
    runId: String(row["run_id"]),
    pipeline: String(row["pipeline"]),
    status: String(row["status"]) as RunStatus,
    startedAt: instantMs(row["started_at"]) ?? 0,
    finishedAt: instantMs(row["finished_at"]),
    completeAsOf: instantMs(row["complete_as_of"]),
    requests: row["requests"] === null ? null : Number(row["requests"]),
    objects: json(row["objects"]),
    error: json(row["error"]) as RunRecord["error"],
    tidemarkVersion: row["tidemark_version"] as string | null,
  }));
}

function toObjectRow(store: Store, change: ObjectStatusChange): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(change)) {
    const column = OBJECT_COLUMNS[field as keyof ObjectStatus];
    if (INSTANTS.has(field)) row[column] = instantOf(value as number | null);
    else row[column] = typeof value === "string" ? store.dialect.cleanText(value) : value;
  }
  return row;
}

/** Writes the given fields of an object's public status, in the caller's transaction. */
export async function putObjectStatus(
  tx: Pick<WarehouseTransaction, "table">,
  store: Store,
  change: ObjectStatusChange,
): Promise<void> {
  const row = toObjectRow(store, change);
  const changed: unknown = await tx.table(OBJECTS).where({ object: change.object }).update(row);
  if (changed === 0) await tx.table(OBJECTS).insert(row);
}

export async function readObjectStatuses(store: Store): Promise<ObjectStatus[]> {
  const rows = (await store.guard("read the objects' status", () =>
    store.table(OBJECTS).orderBy("object").select(),
  )) as Record<string, unknown>[];
  return rows.map((row) => {
    const fields = Object.entries(OBJECT_COLUMNS).map(([field, column]) => {
      const value = row[column] ?? null;
      if (INSTANTS.has(field)) return [field, instantMs(value)];
      return [field, field === "rows" && value !== null ? Number(value) : value];
    });
    return Object.fromEntries(fields) as ObjectStatus;
  });
}
