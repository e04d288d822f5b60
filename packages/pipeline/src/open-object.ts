import { randomUUID } from "node:crypto";

import type { KeyValues, ObjectDefinition } from "@tidemark/catalog";
import type { Emission } from "@tidemark/extractor";
import { type Cursor, type Pass, RetryableError, TerminalError } from "@tidemark/kernel";
import { type LoadCounts, type ObjectLoader, openObjectLoader } from "@tidemark/loader";
import type { OktaClient } from "@tidemark/okta-client";
import { compileTransformer } from "@tidemark/transformer";

import type { BatcherOptions } from "./batches.js";
import type { DirectRead } from "./direct.js";
import { exceedsGuard, judgeMissing, type JudgeOptions, type Verdict } from "./judge.js";
import { type PassPlan, planPass } from "./mode.js";
import { prepareTables } from "./prepare-tables.js";
import type { ReadingOptions } from "./reading.js";
import { RowFilter } from "./row-filter.js";
import type { ObjectPlan, Run } from "./run.js";
import type { Tally } from "./tally.js";
import { compareGrants, type RememberedGrants } from "./trust.js";
import { readAgainAt, type WorkEntry } from "./work-list.js";

/** What is remembered beside an object's checkpoint, from its last complete reading. */
interface ObjectMemory {
  readonly lastCompleteAt?: number;
  /** Columns and row filter that the rows were read with. */
  readonly selection?: string;
  readonly grants?: RememberedGrants;
}

/** How far behind a pass's start its watermark stays when the object declares no overlap of its own. */
const DEFAULT_OVERLAP_MS = 5 * 60_000;
const LEASE_TTL_MS = 60_000;
/** Work-list entries taken up in one pass; what is beyond waits for the next. */
const MOST_ENTRIES = 50_000;

/** One object, open under a lease: how this pass reads it, where its rows go, and what was seen on the way. */
export class OpenObject {
  readonly run: Run;
  readonly definition: ObjectDefinition;
  readonly plan: PassPlan;
  readonly pass: Pass;
  readonly entries: readonly WorkEntry[];
  readonly loader: ObjectLoader;
  readonly reading: ReadingOptions;
  readonly batcher: BatcherOptions;
  readonly judgement: JudgeOptions;
  readonly ids: readonly string[] | null;
  /** Rows that a listing of the whole object held; null when only parts were listed. */
  listedWhole: number | null = null;
  readonly emptyScopes: KeyValues[] = [];
  scopesRead = 0;
  readonly #missed: Extract<Emission, { kind: "missed" }>[] = [];
  readonly #options: OpenedParts;
  #notFound = 0;

  constructor(parts: OpenedParts) {
    const { run, objectPlan, client, tally } = parts;
    this.#options = parts;
    this.run = run;
    this.definition = objectPlan.definition;
    this.plan = parts.plan;
    this.pass = parts.pass;
    this.entries = parts.entries;
    this.loader = parts.loader;
    this.ids = run.ids;
    this.reading = {
      client,
      definition: this.definition,
      known: run.known,
      cursor: parts.cursor,
      rowFilter: parts.rowFilter,
      listQuery: childCountQuery(run, this.definition),
    };
    const filter = parts.rowFilter;
    const keep = filter === null ? null : (item: unknown) => filter.matches(item);
    this.judgement = {
      client,
      definition: this.definition,
      ...compareGrants(run.grants, parts.memory.grants ?? null),
      allowMassDelete: run.allowMassDelete,
      rowsBefore: parts.loader.rowsBefore,
      someKeys: (limit) => run.known.keys(this.definition, {}, limit),
      keep,
    };
    this.batcher = {
      transformer: parts.transformer,
      clock: run.clock,
      mergeAt: parts.plan.mergeAt,
      keep,
      judgeMissing: (keys) => this.#judgeMissing(keys),
      onMissed: (emission) => {
        this.#missed.push(emission);
        if (emission.error.code !== "OKTA_NOT_FOUND") tally.missed.push(emission.error);
      },
      onScope: (emission) => this.#scopeRead(emission),
      onItems: (items) => run.known.noteEmptyParents(this.definition, items),
      onRejected: (reasons) => tally.rejects(reasons),
      againAt: (entry) => readAgainAt(entry, client.now()),
    };
  }

  /** Changes since this instant (ms, Okta's clock) are to be read. */
  get since(): number {
    return this.loader.checkpoint.watermark ?? 0;
  }

  /** What the run has read of this object already, for its columns' sake. */
  sharedRead(): Promise<DirectRead | null> {
    return this.run.direct.known(this.definition.name);
  }

  /** Ends the pass: deletes what the judge condemned, writes the watermark, remembers what a next pass must know. */
  async finish(verdict: Verdict): Promise<LoadCounts> {
    const { run, objectPlan, tally, memory } = this.#options;
    const doubtful = verdict.doubt !== null;
    const complete = this.ids === null && this.pass.mode !== "incremental" && !doubtful && this.#missed.length === 0;
    const comparedWhole = this.definition.incremental.how === "compare" && !doubtful;
    const watermark = this.ids === null ? this.#nextWatermark() : null;
    tally.watermark = watermark ?? this.loader.checkpoint.watermark;
    const remembered: ObjectMemory =
      complete || comparedWhole
        ? { lastCompleteAt: this.pass.startedAt, selection: this.#options.selection, grants: run.grants }
        : memory;
    const again = this.#readAgain(verdict);
    if (again.length > 0 && !run.dryRun) await run.warehouse.enqueue(again, null);
    const counts = await this.loader.finish({
      watermark,
      deleteAbsent: verdict.deleteAbsent,
      spared: verdict.spared,
      filtered: verdict.filtered,
      complete: complete || comparedWhole,
      memory: { ...remembered },
      ...(this.definition.incremental.how === "append" ? { cursor: this.#options.lastCursor() } : {}),
    });
    for (const report of objectPlan.before) if (report.degraded) tally.degraded = true;
    return counts;
  }

  async close(): Promise<void> {
    await this.loader.close();
  }

  /** The pass's start less the overlap; never ahead of what its parents know. */
  #nextWatermark(): number {
    const { incremental } = this.definition;
    const overlap = "overlapMinutes" in incremental ? incremental.overlapMinutes * 60_000 : DEFAULT_OVERLAP_MS;
    const own = this.pass.startedAt - overlap;
    const parents = this.#options.objectPlan.before
      .filter((report) => report.object === this.definition.parent?.object)
      .flatMap((report) => (report.watermark === null ? [] : Date.parse(report.watermark)));
    return Math.max(this.loader.checkpoint.watermark ?? 0, Math.min(own, ...parents));
  }

  #scopeRead(emission: Extract<Emission, { kind: "scope" }>): void {
    this.scopesRead += 1;
    if (Object.keys(emission.scope).length === 0) this.listedWhole = emission.count;
    else if (emission.count === 0) this.emptyScopes.push(emission.scope);
  }

  async #judgeMissing(keys: readonly KeyValues[]): Promise<Awaited<ReturnType<typeof judgeMissing>>> {
    const gone = await judgeMissing(keys, this.judgement);
    this.#notFound += gone.length;
    if (this.run.allowMassDelete || !exceedsGuard(this.#notFound, this.judgement.rowsBefore)) return gone;
    throw new TerminalError(
      "MASS_DELETE",
      `${this.#notFound} rows of ${this.definition.name} answer 404, more than the guard allows (25 % and 20 rows, or 1,000 rows); these were not deleted`,
      { remedy: "Look whether the token still sees them, then run with --allow-mass-delete" },
    );
  }

  /** What could not be settled now and must not be forgotten. */
  #readAgain(verdict: Verdict): Parameters<Run["warehouse"]["enqueue"]>[0] {
    const now = this.pass.startedAt;
    const entry = (object: string, effect: "scope" | "row" | "whole", key: KeyValues) => ({ object, effect, key, eventAt: now, dueAt: now, seq: 0 });
    const { parent, name } = this.definition;
    const missed = this.#missed.flatMap(({ scope, error }) => {
      if (error.code !== "OKTA_NOT_FOUND" || !parent) return [entry(name, "scope", scope)];
      const key = Object.fromEntries(Object.entries(parent.columns).map(([column, from]) => [from, scope[column] ?? ""]));
      return [entry(parent.object, "row", key)];
    });
    const doubtful = verdict.doubt !== null && this.pass.mode === "incremental" && this.definition.incremental.how === "log";
    return doubtful ? [...missed, entry(name, "whole", {})] : missed;
  }
}

interface OpenedParts {
  readonly run: Run;
  readonly objectPlan: ObjectPlan;
  readonly client: OktaClient;
  readonly tally: Tally;
  readonly plan: PassPlan;
  readonly pass: Pass;
  readonly cursor: Cursor | null;
  readonly entries: readonly WorkEntry[];
  readonly loader: ObjectLoader;
  readonly rowFilter: RowFilter | null;
  readonly transformer: BatcherOptions["transformer"];
  readonly memory: ObjectMemory;
  readonly selection: string;
  readonly lastCursor: () => Cursor | null;
}
