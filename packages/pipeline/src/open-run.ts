import { randomUUID } from "node:crypto";

import { OBJECTS, VIEWS } from "@tidemark/catalog";
import { silentLogger, systemClock, TerminalError, TidemarkError } from "@tidemark/kernel";
import { ensureViews } from "@tidemark/loader";

import { connectOkta, connectWarehouse, inFile } from "./connect.js";
import { DirectReads } from "./direct.js";
import { KnownRows } from "./known-rows.js";
import { scheduleNote } from "./not-yet.js";
import { describeError } from "./outcome.js";
import { planObjects } from "./plan-objects.js";
import { type ObjectReport, type RunReport, statusOf } from "./report.js";
import type { ReplicateOptions, Run } from "./run.js";
import { remember } from "./trust.js";

/**
 * Checks what was asked for, opens database and Okta, binds the schema to the org and starts the run's record.
 * What the configuration or the command line got wrong is thrown before anything is touched; a database or org that
 * does not answer becomes a failed report.
 */
export async function openRun(options: ReplicateOptions): Promise<{ run: Run } | { report: RunReport }> {
  const pipeline = options.config.pipelines.get(options.pipeline);
  if (!pipeline) {
    throw new TerminalError("USAGE", `There is no pipeline "${options.pipeline}" in ${options.config.file}`, {
      remedy: `Pipelines there: ${[...options.config.pipelines.keys()].join(", ")}`,
    });
  }
  checkFlags(options);
  // Objects that do not exist are a usage error, found before any connection is made.
  const plans = planObjects({ pipeline, objects: options.objects ?? null, ids: options.ids ?? null, warnings: [] });
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const surroundings = { ...options, clock, logger };
  const { client } = await connectOkta(options.config, pipeline.source, surroundings);
  const warehouse = await connectWarehouse(options.config, pipeline.destination, surroundings);
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const begun = clock.now();
  try {
    await warehouse.prepare();
    const org = await client.organization();
    await warehouse.bindOrg({ id: org.id, url: client.orgUrl });
    const grants = await client.grants();
    const startedAt = client.now();
    const rehearsal = options.dryRun ? await warehouse.rehearse() : null;
    const target = rehearsal?.warehouse ?? warehouse;
    const version = options.version === undefined ? {} : { version: options.version };
    const id = await target.startRun({ pipeline: pipeline.name, startedAt, ...version });
    const run: Run = {
      id,
      pipeline,
      flags: { full: options.full ?? false, reconcile: options.reconcile ?? false },
      objects: options.objects ?? null,
      ids: options.ids ?? null,
      wanted: new Set(plans.map((plan) => plan.definition.name)),
      dryRun: options.dryRun ?? false,
      allowMassDelete: options.allowMassDelete ?? false,
      client,
      warehouse: target,
      direct: new DirectReads(client.scoped({ label: "schemas", priority: 1, signal })),
      known: new KnownRows(target),
      grants: remember(grants),
      feed: { readable: true, gap: new Set() },
      startedAt,
      clock,
      logger,
      signal,
      progress: options.progress ?? (() => undefined),
      warnings: [...options.config.notes, ...scheduleNote(pipeline)],
      unknownEvents: new Map(),
      version: options.version ?? "",
      states: null,
      untouched: [],
      stop: (reason) => abort.abort(reason),
      end: async () => {
        await rehearsal?.end();
        await client.close();
        await warehouse.close();
      },
    };
    return { run };
  } catch (error) {
    await client.close();
    await warehouse.close();
    if (error instanceof TidemarkError && error.code.startsWith("CONFIG_"))
      throw inFile(error, options.config, pipeline.destination);
    return {
      report: failedReport(
        options.pipeline,
        { begun, now: clock.now(), dryRun: options.dryRun ?? false, requests: client.stats.requests },
        error,
      ),
    };
  }
}

function checkFlags(options: ReplicateOptions): void {
  if (options.full && options.reconcile) {
    throw new TerminalError("USAGE", "--full and --reconcile exclude each other", {
      remedy: "--full rewrites what differs in any column; --reconcile compares by hash",
    });
  }
  if (options.ids === undefined) return;
  if (options.full || options.reconcile)
    throw new TerminalError("USAGE", "--ids reads single rows; it cannot be combined with --full or --reconcile");
  if (options.objects?.length !== 1) {
    const names = OBJECTS.map((definition) => definition.name)
      .slice(0, 3)
      .join(", ");
    throw new TerminalError("USAGE", "--ids needs exactly one object", {
      remedy: `Say whose ids they are, e.g. --objects ${names.split(", ")[0] ?? ""}`,
    });
  }
}

function failedReport(
  pipeline: string,
  at: { begun: number; now: number; dryRun: boolean; requests: number },
  error: unknown,
): RunReport {
  return {
    pipeline,
    run: randomUUID(),
    status: "failed",
    startedAt: new Date(at.begun).toISOString(),
    finishedAt: new Date(at.now).toISOString(),
    requests: at.requests,
    completeAsOf: null,
    dryRun: at.dryRun,
    objects: [],
    warnings: [],
    error: describeError(error),
  };
}

/** Writes the run's record, closes both ends and makes the report, with the objects in the catalog's order. */
export async function closeRun(run: Run, ended: readonly ObjectReport[], error: unknown): Promise<RunReport> {
  const objects = OBJECTS.flatMap(({ name }) => ended.find(({ object }) => object === name) ?? []);
  const described = error === null ? null : describeError(error);
  const interrupted = described?.code === "INTERRUPTED";
  const unknown = [...run.unknownEvents].sort(([left], [right]) => (left < right ? -1 : 1));
  if (unknown.length > 0) run.warnings.push(unknownNote(unknown));
  const report: RunReport = {
    pipeline: run.pipeline.name,
    run: run.id,
    status: statusOf(objects, { failed: described !== null && !interrupted, interrupted }),
    startedAt: new Date(run.startedAt).toISOString(),
    finishedAt: new Date(run.client.now()).toISOString(),
    requests: run.client.stats.requests,
    completeAsOf: completeAsOf(objects),
    dryRun: run.dryRun,
    objects,
    warnings: run.warnings,
    ...(unknown.length > 0 ? { unknownEvents: Object.fromEntries(unknown) } : {}),
    ...(described === null ? {} : { error: described }),
  };
  try {
    await recordRun(run, report);
  } catch (failure) {
    run.logger.warn("the run's record could not be written", { error: describeError(failure).message });
  } finally {
    await run.end();
  }
  return report;
}

/** More types than this are not spelt out; the JSON report has them all. */
const MOST_TYPES_SHOWN = 8;

function unknownNote(unknown: readonly (readonly [string, number])[]): string {
  const shown = unknown.slice(0, MOST_TYPES_SHOWN).map(([type, count]) => `${type} (${count})`);
  const more = unknown.length > MOST_TYPES_SHOWN ? ` and ${unknown.length - MOST_TYPES_SHOWN} more` : "";
  return `The log has events of types that this version does not know: ${shown.join(", ")}${more}. What they change is found by the next reconcile at the latest`;
}

/** Everything in Okta before it is in the tables: the oldest watermark of the objects that this run read. */
function completeAsOf(objects: readonly ObjectReport[]): string | null {
  const read = objects.filter((object) => object.status !== "denied" && object.status !== "unavailable");
  const watermarks = read.map((object) => object.watermark);
  if (watermarks.length === 0 || watermarks.includes(null)) return null;
  return watermarks.reduce(
    (oldest, watermark) => (oldest !== null && watermark !== null && watermark < oldest ? watermark : oldest),
    watermarks[0] ?? null,
  );
}

async function recordRun(run: Run, report: RunReport): Promise<void> {
  const untouched = new Map(run.untouched.map(({ object, watermark }) => [object, watermark]));
  const statuses = report.objects.map((object) => {
    const watermark = untouched.get(object.object);
    return {
      object: object.object,
      pipeline: run.pipeline.name,
      status: object.status,
      mode: object.mode,
      lastRunId: run.id,
      lastRunAt: run.startedAt,
      ...(object.status === "succeeded" ? { lastSuccessAt: run.startedAt } : {}),
      ...(watermark === undefined ? {} : { watermark }),
      degraded: object.degraded ? "the System Log may not be read" : null,
      errorCode: object.error?.code ?? null,
      errorMessage: object.error?.message ?? null,
    };
  });
  await run.warehouse.putObjectStatuses(statuses, run.untouched);
  await run.warehouse.finishRun(report);
  await ensureViews(run.warehouse, VIEWS);
}
