import type { Lease, Store, StoredCheckpoint } from "@tidemark/warehouse";

import type { MergeContext } from "./merge-context.js";
import type { Family } from "./remove.js";
import type { LoadCounts } from "./types.js";
import type { VersionTimes } from "./event-times.js";

/** What a loader is opened with. */
export interface LoaderParts {
  readonly store: Store;
  readonly object: string;
  readonly family: Family;
  readonly lease: Lease;
  readonly compareAll: boolean;
  /** Rows of the object never leave, so nobody needs to know which were seen. */
  readonly appendOnly: boolean;
  /** The object's tables have histories, and this run keeps them. */
  readonly history: boolean;
  readonly versions: VersionTimes | null;
  readonly runId: string;
  readonly state: LoaderState;
  readonly end: () => Promise<void>;
}

/** What is in the database beside the rows; replaced as a whole after each transaction that succeeded. */
export interface LoaderState {
  readonly checkpoint: StoredCheckpoint;
  readonly rowsBefore: number;
  /** Rows of the main table's staging that are not merged. */
  readonly waiting: number;
  /** Recorded absentees. */
  readonly absent: number;
  /** The histories are up to date with the tables, save for what runs that kept none wrote. */
  readonly versioned: boolean;
}

/** One transaction of a loader, and what held when it began. */
export interface LoaderContext extends MergeContext {
  readonly parts: LoaderParts;
  readonly state: LoaderState;
  /** The loader began (or took up) a pass; without one, an interrupted pass's place and staging are not its own. */
  readonly began: boolean;
}

/** What of the state a step changed, and what it did to rows. */
export interface Step {
  readonly counts: LoadCounts;
  /** Rows in the main table's staging. */
  readonly staged: number;
  readonly waiting: number;
  readonly absent: number;
}

export const NOTHING: LoadCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };

export function plus(a: LoadCounts, b: Partial<LoadCounts>): LoadCounts {
  return {
    inserted: a.inserted + (b.inserted ?? 0),
    updated: a.updated + (b.updated ?? 0),
    unchanged: a.unchanged + (b.unchanged ?? 0),
    deleted: a.deleted + (b.deleted ?? 0),
  };
}

/** True when rows of the table can be absent from the pass's listing, and absence has a consequence. */
export function tracksAbsence(parts: LoaderParts, state: LoaderState): boolean {
  return parts.family.deletes !== "ignore" && !parts.appendOnly && !state.checkpoint.fromEmpty;
}
