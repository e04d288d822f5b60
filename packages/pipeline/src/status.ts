import { objectNamed, resolveObjects } from "@tidemark/catalog";
import type { Config, Pipeline } from "@tidemark/config";
import { type Clock, type Logger, silentLogger, systemClock, TerminalError, TidemarkError } from "@tidemark/kernel";
import type { ObjectStatus as StoredStatus, RunRecord, Warehouse } from "@tidemark/warehouse";

import { connectWarehouse } from "./connect.js";
import { holdsTidemark } from "./holds-tidemark.js";
import { describeError } from "./outcome.js";

/** What `status` is asked for. */
export interface StatusOptions {
  readonly config: Config;
  /** Only this pipeline; all of the file's when left out. */
  readonly pipeline?: string;
  /**
   * Objects whose watermark is older than this (ms), or that were never loaded, are stale. What only the reconcile keeps
   * current may be older by the time between two.
   */
  readonly maxAgeMs?: number;
  /** The clock that ages are measured by; the database's when left out. */
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** The document of `status --json`. Instants are ISO texts. */
export interface StatusReport {
  readonly maxAgeMs: number | null;
  readonly pipelines: readonly PipelineStatus[];
}

/** A pipeline as its warehouse remembers it. */
export interface PipelineStatus {
  readonly pipeline: string;
  readonly destination: string;
  readonly org: { readonly id: string; readonly url: string } | null;
  /** By the database's clock. */
  readonly at: string | null;
  readonly lastRun: LastRun | null;
  readonly objects: readonly ObjectState[];
  /** Names of its objects that are older than the asked age, or were never loaded. Empty when no age was asked for. */
  readonly stale: readonly string[];
  /** No run of the pipeline is on record. */
  readonly neverRan: boolean;
  /** Why nothing can be told: the database does not answer, or the pipeline never ran (`NEVER_RAN`). */
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string } | null;
}

/** The pipeline's newest run. */
export interface LastRun {
  readonly run: string;
  readonly status: "running" | "succeeded" | "partial" | "failed" | "interrupted";
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly completeAsOf: string | null;
  readonly requests: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** One object of a pipeline. */
export interface ObjectState {
  readonly object: string;
  /** How its last pass ended; null: never tried. */
  readonly status: string | null;
  readonly mode: string | null;
  readonly rows: number | null;
  readonly watermark: string | null;
  /** Now less the watermark. */
  readonly ageMs: number | null;
  readonly lastRunAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly lastReconcileAt: string | null;
  /** Why it is kept current in a lesser way than it could be. */
  readonly degraded: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Changes that the System Log told of and that are still to be read. */
  readonly pending: number;
  readonly stale: boolean;
}

/**
 * Tells how current each pipeline's tables are, from what runs left in the warehouse. Okta is not asked, and nothing is
 * written. A pipeline whose database does not answer, or that never ran, has its reason in `error`.
 * @throws TerminalError USAGE for a pipeline that the file does not have.
 */
export async function status(options: StatusOptions): Promise<StatusReport> {
  const { config, pipeline: only } = options;
  const pipelines = [...config.pipelines.values()].filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && pipelines.length === 0) {
    throw new TerminalError("USAGE", `There is no pipeline "${only}" in ${config.file}`, {
      remedy: `Pipelines there: ${[...config.pipelines.keys()].join(", ")}`,
    });
  }
  const reports: PipelineStatus[] = [];
  for (const pipeline of pipelines) reports.push(await statusOfPipeline(pipeline, options));
  return { maxAgeMs: options.maxAgeMs ?? null, pipelines: reports };
}

/** Exit code of a status: 2 when the configuration is at fault, 1 when nothing could be told or something is stale, else 0. */
export function exitCodeOfStatus(report: StatusReport): number {
  const codes = report.pipelines.flatMap(({ error }) => error?.code ?? []);
  if (codes.some((code) => code.startsWith("CONFIG_"))) return 2;
  const unknown = report.pipelines.some(({ error, neverRan }) => error !== null && !neverRan);
  return unknown || report.pipelines.some(({ stale }) => stale.length > 0) ? 1 : 0;
}

async function statusOfPipeline(pipeline: Pipeline, options: StatusOptions): Promise<PipelineStatus> {
  const surroundings = { clock: options.clock ?? systemClock, logger: options.logger ?? silentLogger };
  const none = {
    pipeline: pipeline.name,
    destination: pipeline.destination,
    org: null,
    at: null,
    lastRun: null,
  } as const;
  const untold = unloaded(pipeline, options.maxAgeMs);
  let warehouse: Warehouse | null = null;
  try {
    warehouse = await connectWarehouse(options.config, pipeline.destination, surroundings);
    if (!(await holdsTidemark(warehouse)))
      return { ...none, ...untold, neverRan: true, error: neverRan(pipeline, warehouse) };
    const now = options.clock ? options.clock.now() : await databaseNow(warehouse);
    const [run] = await warehouse.recentRuns({ pipeline: pipeline.name, limit: 1 });
    const objects = await objectStates(pipeline, warehouse, { now, maxAgeMs: options.maxAgeMs });
    return {
      ...none,
      org: await warehouse.boundOrg(),
      at: new Date(now).toISOString(),
      lastRun: run === undefined ? null : lastRunOf(run),
      objects,
      stale: objects.filter((object) => object.stale).map((object) => object.object),
      neverRan: run === undefined,
      error: run === undefined ? neverRan(pipeline, warehouse) : null,
    };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { ...none, ...untold, neverRan: false, error: describeError(error) };
  } finally {
    await warehouse?.close();
  }
}

function neverRan(pipeline: Pipeline, warehouse: Warehouse): { code: string; message: string; remedy: string } {
  return {
    code: "NEVER_RAN",
    message: `Pipeline ${pipeline.name} never ran: schema ${warehouse.schema} of ${pipeline.destination} has no run of it`,
    remedy: `tidemark replicate ${pipeline.name}`,
  };
}

/** The database's clock: whoever asks, from whatever machine, is told the same age. */
async function databaseNow({ store }: Warehouse): Promise<number> {
  const answer = await store.guard("ask the database's clock", () => store.read(store.dialect.statements.now()));
  return Number(answer.rows[0]?.["now_ms"]);
}

interface Ageing {
  readonly now: number;
  readonly maxAgeMs: number | undefined;
}

/** The pipeline's objects, and the parents that a run replicates for their sake. */
function objectsOfPipeline(pipeline: Pipeline): readonly { readonly object: string; readonly named: boolean }[] {
  const named = new Set(pipeline.objects.filter((selection) => selection.named).map((selection) => selection.object));
  const { objects } = resolveObjects(pipeline.objects.map((selection) => selection.object));
  return objects.map(({ name }) => ({ object: name, named: named.has(name) }));
}

async function objectStates(pipeline: Pipeline, warehouse: Warehouse, ageing: Ageing): Promise<ObjectState[]> {
  const stored = new Map((await warehouse.objectStatuses()).map((row) => [row.object, row]));
  const states: ObjectState[] = [];
  for (const { object, named } of objectsOfPipeline(pipeline)) {
    const row = stored.get(object);
    const state = row === undefined ? untried(object) : stateOf(row, ageing.now);
    const pending = await warehouse.pendingEntries(object);
    const allowed = ageing.maxAgeMs === undefined ? undefined : ageing.maxAgeMs + patienceWith(object, pipeline);
    states.push({ ...state, pending, stale: isStale(state, named, allowed) });
  }
  return states;
}

/** What only the reconcile keeps current is as old as the last one, at best (ms). */
function patienceWith(object: string, { reconcileEveryMs }: Pipeline): number {
  const definition = objectNamed(object);
  return definition?.incremental.how === "reconcile" ? reconcileEveryMs * (definition.reconcileFactor ?? 1) : 0;
}

/** What a preset brings along and this org or token never had is no reason for an alarm. */
function isStale(state: ObjectState, named: boolean, maxAgeMs: number | undefined): boolean {
  if (maxAgeMs === undefined) return false;
  if (state.ageMs !== null) return state.ageMs > maxAgeMs;
  return named || (state.status !== "denied" && state.status !== "unavailable");
}

function stateOf(row: StoredStatus, now: number): ObjectState {
  return {
    object: row.object,
    status: row.status,
    mode: row.mode,
    rows: row.rows,
    watermark: iso(row.watermark),
    ageMs: row.watermark === null ? null : Math.max(0, now - row.watermark),
    lastRunAt: iso(row.lastRunAt),
    lastSuccessAt: iso(row.lastSuccessAt),
    lastReconcileAt: iso(row.lastReconcileAt),
    degraded: row.degraded,
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" },
    pending: 0,
    stale: false,
  };
}

function untried(object: string): ObjectState {
  return {
    object,
    status: null,
    mode: null,
    rows: null,
    watermark: null,
    ageMs: null,
    lastRunAt: null,
    lastSuccessAt: null,
    lastReconcileAt: null,
    degraded: null,
    error: null,
    pending: 0,
    stale: false,
  };
}

/** Objects of a pipeline about which nothing is known. */
function unloaded(pipeline: Pipeline, maxAgeMs: number | undefined): Pick<PipelineStatus, "objects" | "stale"> {
  const stale = maxAgeMs !== undefined;
  const objects = objectsOfPipeline(pipeline).map(({ object }) => ({ ...untried(object), stale }));
  return { objects, stale: stale ? objects.map(({ object }) => object) : [] };
}

function lastRunOf(run: RunRecord): LastRun {
  return {
    run: run.runId,
    status: run.status,
    startedAt: new Date(run.startedAt).toISOString(),
    finishedAt: iso(run.finishedAt),
    completeAsOf: iso(run.completeAsOf),
    requests: run.requests,
    error: run.error,
  };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
