/** How an object is read in a pass: everything for the first time or on demand, what changed, or everything to compare. */
export type PassMode = "full" | "incremental" | "reconcile";

/**
 * Where a pass stands inside its listing; opaque JSON to everyone but the extractor that wrote it.
 * It commits with the rows that it stands for, so whoever resumes from it misses nothing and repeats at most a batch.
 */
export type Cursor = Readonly<Record<string, unknown>>;

/** One reading of one object. Its id and start outlive a crash: a resumed pass keeps both (decision 4). */
export interface Pass {
  readonly id: string;
  readonly mode: PassMode;
  /** Milliseconds since the epoch by Okta's clock (its `Date` header), when the pass first spoke to Okta. */
  readonly startedAt: number;
}

/** What is stored for an object between commits. */
export interface Checkpoint {
  /** The pass under way, when the last one did not finish. */
  readonly pass: Pass | null;
  readonly cursor: Cursor | null;
  /** Everything that changed in Okta before this instant (ms, Okta's clock) is in the table; null before the first pass ended. */
  readonly watermark: number | null;
  /** What the pipeline remembers of the object between passes (rights, selection); JSON, opaque to the loader; `{}` at first. */
  readonly memory: Readonly<Record<string, unknown>>;
}
