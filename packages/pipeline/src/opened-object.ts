import { childrenOf, isKnownEvent, type KeyValues, type ObjectDefinition, parentsOf, valueAt } from "@tidemark/catalog";
import { type Emission, LOG_RETENTION_MS } from "@tidemark/extractor";
import { type Cursor, type Pass, TerminalError } from "@tidemark/kernel";
import type { LoadCounts, ObjectLoader } from "@tidemark/loader";
import type { OktaClient } from "@tidemark/okta-client";

import type { BatcherOptions } from "./batches.js";
import type { DirectRead } from "./direct.js";
import { exceedsGuard, judgeMissing, type JudgeOptions, type Verdict } from "./judge.js";
import type { PassPlan } from "./mode.js";
import type { AppendedFrom, ReadingOptions } from "./reading.js";
import { keeper, type RowFilter } from "./row-filter.js";
import type { ObjectMemory } from "./remembered.js";
import type { ObjectPlan, Run } from "./run.js";
import type { Tally } from "./tally.js";
import { compareGrants } from "./trust.js";
import { readAgainAt, type WorkEntry } from "./work-list.js";

/** How far behind a pass's start its watermark stays when the object declares no overlap of its own. */
const DEFAULT_OVERLAP_MS = 5 * 60_000;
/** Events may be published out of order: a feed that lost its link starts this far behind its watermark. */
const APPEND_OVERLAP_MS = 60 * 60_000;

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
  #lastCursor: Cursor | null;

  constructor(parts: OpenedParts) {
    const { run, objectPlan, client, tally } = parts;
    this.#options = parts;
    this.run = run;
    this.definition = objectPlan.definition;
    this.plan = parts.plan;
    this.pass = parts.pass;
    this.entries = parts.entries;
    this.#lastCursor = parts.cursor;
    this.loader = parts.loader;
    this.ids = run.ids;
    this.reading = {
      client,
      definition: this.definition,
      known: run.known,
      cursor: parts.cursor,
      // A pushed filter would make rows that it no longer selects look deleted, and take what refers to them along.
      rowFilter: parts.plan.firstLoad ? parts.rowFilter : null,
      listQuery: childCountQuery(run, this.definition),
    };
    // A resumed listing shows rows as they were when it began: what events told since then is still to be read.
    const listsEverything = this.pass.mode !== "incremental" || this.definition.incremental.how === "compare";
    const keep = keeper(this.definition, parts.rowFilter);
    this.judgement = {
      client,
      definition: this.definition,
      ...compareGrants(run.grants, parts.memory.grants ?? null),
      allowMassDelete: run.allowMassDelete,
      rowsBefore: parts.loader.rowsBefore,
      control: { answered: false },
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
      onItems: (items, cursor) => {
        run.known.noteEmptyParents(this.definition, items);
        if (this.definition.incremental.how === "append") countUnknown(items, run.unknownEvents);
        this.#lastCursor = cursor ?? this.#lastCursor;
      },
      onRejected: (reasons) => tally.rejects(reasons),
      againAt: (entry) => readAgainAt(entry, listsEverything ? this.pass.startedAt : client.now()),
    };
  }

  /** Changes since this instant (ms, Okta's clock) are to be read. */
  get since(): number {
    return this.loader.checkpoint.watermark ?? 0;
  }

  /** Where an append-only feed starts when it has no link to go on from. */
  get appendFrom(): AppendedFrom {
    const { watermark } = this.loader.checkpoint;
    if (watermark !== null) return { since: watermark - APPEND_OVERLAP_MS, backfillUntil: null };
    const { sinceMs, retainMs } = this.#options.objectPlan.selection;
    const back = Math.min(sinceMs ?? LOG_RETENTION_MS, retainMs ?? LOG_RETENTION_MS, LOG_RETENTION_MS);
    return { since: this.run.startedAt - back, backfillUntil: this.run.startedAt };
  }

  /** What the run has read of this object already, for its columns' sake. */
  sharedRead(): Promise<DirectRead | null> {
    return this.run.direct.known(this.definition.name);
  }

  /** Ends the pass: deletes what the judge condemned, writes the watermark, remembers what a next pass must know. */
  async finish(verdict: Verdict): Promise<LoadCounts> {
    const { run, objectPlan, tally, memory } = this.#options;
    // A listing that left out living rows may have left out their changes too: it is not the last word.
    const doubtful = verdict.doubt !== null || this.#isHiding(verdict);
    const complete = this.#listedAll && !doubtful;
    const comparedWhole = this.definition.incremental.how === "compare" && !doubtful;
    const unsure = doubtful && (this.listedWhole !== null || tally.rejected > 0);
    const watermark = this.ids === null && !unsure ? this.#nextWatermark() : null;
    tally.watermark = watermark ?? this.loader.checkpoint.watermark;
    const remembered: ObjectMemory =
      complete || comparedWhole
        ? { lastCompleteAt: this.pass.startedAt, selection: this.#options.selection, grants: run.grants }
        : memory;
    const again = this.#readAgain(verdict);
    if (again.length > 0) await run.warehouse.enqueue(again, null);
    tally.expired = await this.#dropExpired();
    const counts = await this.loader.finish({
      watermark,
      deleteAbsent: verdict.deleteAbsent,
      spared: verdict.spared,
      filtered: verdict.filtered,
      complete: complete || comparedWhole,
      memory: {
        ...remembered,
        ...(this.#listedAll ? { listedWith: run.grants.fingerprint } : {}),
        shape: this.#options.shape,
      },
      cursor: this.definition.incremental.how === "append" ? this.#lastCursor : null,
    });
    for (const report of objectPlan.before) if (report.degraded) tally.degraded = true;
    return counts;
  }

  async close(): Promise<void> {
    await this.loader.close();
  }

  /** Rows of an append-only feed that are older than the pipeline keeps them. */
  async #dropExpired(): Promise<number> {
    const { name, incremental, key, children = [] } = this.definition;
    const { retainMs } = this.#options.objectPlan.selection;
    if (incremental.how !== "append" || retainMs === null) return 0;
    const [keyColumn = ""] = key;
    const [main] = this.#options.transformer.tables;
    const path = incremental.timePath.join(".");
    const time = main?.columns.find((column) => column.path.join(".") === path)?.name;
    if (time === undefined) throw new TerminalError("INTERNAL", `${name} has no column of ${path}`);
    const below = children.flatMap((child) =>
      Object.entries(child.parentColumns).map(([column]) => ({ table: child.name, column })),
    );
    const aging = { table: name, key: keyColumn, column: time, children: below };
    return this.run.warehouse.dropOlder(aging, new Date(this.run.startedAt - retainMs));
  }

  /** A listing that left out living rows, which none but those that always do should. */
  #isHiding(verdict: Verdict): boolean {
    return verdict.spared.length > 0 && this.definition.listingHides !== true;
  }

  get #listedAll(): boolean {
    return this.ids === null && this.pass.mode !== "incremental";
  }

  #nextWatermark(): number | null {
    if (this.pass.mode === "incremental" && isBlind(this.run, this.definition)) return null;
    // The change feed was read when the run began, which may be long before this pass.
    const startedAt = Math.min(this.pass.startedAt, this.run.startedAt);
    return watermarkOf(this.#options.objectPlan, { startedAt, before: this.loader.checkpoint.watermark });
  }

  #scopeRead(emission: Extract<Emission, { kind: "scope" }>): void {
    this.scopesRead += 1;
    // What a resumed listing had read before the crash is not counted here.
    if (Object.keys(emission.scope).length === 0)
      this.listedWhole = this.#options.cursor === null ? emission.count : null;
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
    const entry = (object: string, effect: WorkEntry["effect"], key: KeyValues) => ({
      object,
      effect,
      key,
      eventAt: now,
      dueAt: now,
      seq: 0,
    });
    const { parent, name } = this.definition;
    const missed = this.#missed.flatMap(({ scope, error }) => {
      const columns = Object.entries(parent?.columns ?? {});
      const underParent = columns.length > 0 && columns.every(([column]) => scope[column] !== undefined);
      const vanished = error.code === "OKTA_NOT_FOUND";
      // Listed by another column (a user's groups): whether that user is gone is for the users' own pass to find out.
      if (!parent || !underParent) return vanished ? [] : [entry(name, "by", scope)];
      if (!vanished) return [entry(name, "scope", scope)];
      const key = Object.fromEntries(columns.map(([column, from]) => [from, scope[column] ?? ""]));
      return parentsOf(this.definition).map(({ name: above }) => entry(above, "row", key));
    });
    const doubtful =
      (verdict.doubt !== null || this.#isHiding(verdict)) &&
      this.pass.mode === "incremental" &&
      this.definition.incremental.how === "log";
    return doubtful ? [...missed, entry(name, "whole", {})] : missed;
  }
}

/** What a complete listing of parents is asked for besides, when a child of this run can use their counts. */
function childCountQuery(run: Run, definition: ObjectDefinition): Readonly<Record<string, string>> {
  const counted = childrenOf(definition.name).filter(({ name }) => run.wanted.has(name));
  return Object.assign({}, ...counted.map(({ countedBy }) => countedBy?.query)) as Record<string, string>;
}

/** A pass's start (ms) less the overlap; never ahead of what its parents know, never back. */
export function watermarkOf(
  { definition, before: reports }: ObjectPlan,
  pass: { readonly startedAt: number; readonly before: number | null },
): number {
  const { incremental } = definition;
  const overlap = "overlapMinutes" in incremental ? incremental.overlapMinutes * 60_000 : DEFAULT_OVERLAP_MS;
  const parents = reports
    .filter((report) => parentsOf(definition).some(({ name }) => name === report.object))
    .flatMap((report) => (report.watermark === null ? [] : Date.parse(report.watermark)));
  return Math.max(pass.before ?? 0, Math.min(pass.startedAt - overlap, ...parents));
}

/** True where nothing tells what changed since the last complete listing: the table is as of then. */
export function isBlind({ feed }: Run, { incremental: { how } }: ObjectDefinition): boolean {
  return how === "reconcile" || (how === "log" && !feed.readable);
}

/** Counts events of types that nobody declared. */
function countUnknown(items: readonly unknown[], unknown: Map<string, number>): void {
  for (const item of items) {
    const type = valueAt(item, ["eventType"]);
    if (typeof type === "string" && !isKnownEvent(type)) unknown.set(type, (unknown.get(type) ?? 0) + 1);
  }
}

/** What an object is opened with. */
export interface OpenedParts {
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
  readonly shape: string;
}
