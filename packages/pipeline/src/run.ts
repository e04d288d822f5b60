import type { ObjectDefinition } from "@tidemark/catalog";
import type { Config, ObjectSelection, Pipeline } from "@tidemark/config";
import type { Clock, Logger } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";
import type { StoredCheckpoint, Warehouse } from "@tidemark/warehouse";

import type { DirectReads } from "./direct.js";
import type { KnownRows } from "./known-rows.js";
import type { RunFlags } from "./mode.js";
import type { ProgressListener } from "./progress.js";
import type { ObjectReport } from "./report.js";
import type { RememberedGrants } from "./trust.js";

/** What a run is asked to do; see the command line's options of the same names. */
export interface ReplicateOptions {
  readonly config: Config;
  readonly pipeline: string;
  /** Only these objects of the pipeline (and the parents they need). */
  readonly objects?: readonly string[];
  readonly full?: boolean;
  readonly reconcile?: boolean;
  /** Rows (or, for objects below a parent, parents) to read again; nothing else is read. */
  readonly ids?: readonly string[];
  readonly dryRun?: boolean;
  readonly allowMassDelete?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: ProgressListener;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Of Tidemark, for the run's record. */
  readonly version?: string;
  /** Environment and folders for what the configuration leaves out (OKTA_CLIENT_…, okta.yaml). */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly homeDir?: string;
  readonly cwd?: string;
}

/** One object of a run. */
export interface ObjectPlan {
  readonly definition: ObjectDefinition;
  readonly selection: ObjectSelection;
  /** Objects of this run that end before this one starts: its parent. */
  readonly dependsOn: readonly string[];
  /** Their reports. */
  readonly before: readonly ObjectReport[];
}

/** What the change feed is good for in this run. */
export interface FeedState {
  /** False: the System Log may not be read, changes are found by listing. */
  readable: boolean;
  /** Objects of which events were lost (a pause beyond the log's retention); they are listed again. */
  gap: ReadonlySet<string>;
}

/** What is known of all objects when a run begins, by three questions to the database. */
export interface KnownStates {
  readonly checkpoints: ReadonlyMap<string, StoredCheckpoint>;
  /** Objects of which the change feed, or a run before, has something to be read. */
  readonly due: ReadonlySet<string>;
  /** Objects whose lease somebody holds, or left behind. */
  readonly leased: ReadonlySet<string>;
}

/** A run under way: both ends open, and what holds for every object. */
export interface Run {
  readonly id: string;
  readonly pipeline: Pipeline;
  readonly flags: RunFlags;
  readonly objects: readonly string[] | null;
  readonly ids: readonly string[] | null;
  /** Names of all objects of the run, added parents included. */
  readonly wanted: ReadonlySet<string>;
  readonly dryRun: boolean;
  readonly allowMassDelete: boolean;
  readonly client: OktaClient;
  readonly warehouse: Warehouse;
  readonly direct: DirectReads;
  readonly known: KnownRows;
  readonly grants: RememberedGrants;
  readonly feed: FeedState;
  /** Okta's clock when the run began (ms). */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly progress: ProgressListener;
  readonly warnings: string[];
  /** Events of types that nobody declared, as far as the log is replicated: type → how many. */
  readonly unknownEvents: Map<string, number>;
  /** Tidemark's version, which decides what tables look like. */
  readonly version: string;
  /** What was known of the objects once the feed was read; null before. */
  states: KnownStates | null;
  /** Objects of which nothing was to be read, and the watermarks (ms) that they come to. */
  readonly untouched: { readonly object: string; readonly watermark: number }[];
  /** Stops every object of the run. */
  stop(reason: unknown): void;
  /** Closes both ends; a dry run is rolled back. */
  end(): Promise<void>;
}
