import type { PassMode, TidemarkError } from "@tidemark/kernel";
import type { LoadCounts } from "@tidemark/loader";
import type { OktaClient } from "@tidemark/okta-client";

import type { ProgressListener } from "./progress.js";
import type { ObjectReport, ObjectStatus } from "./report.js";

/** Counts of one object's pass, from which progress and the report are made. */
export class Tally {
  mode: PassMode = "full";
  read = 0;
  rejected = 0;
  firstReject: string | null = null;
  watermark: number | null = null;
  /** Replicated before, or named in the configuration. */
  expected: boolean;
  degraded = false;
  /** Rows that aged out. */
  expired = 0;
  readonly warnings: string[] = [];
  /** Parents whose rows could not be read. */
  readonly missed: TidemarkError[] = [];
  #counts: LoadCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };
  #total: number | undefined;
  readonly #object: string;
  readonly #client: OktaClient;
  readonly #progress: ProgressListener;

  constructor(options: { object: string; named: boolean; client: OktaClient; progress: ProgressListener }) {
    this.#object = options.object;
    this.#client = options.client;
    this.#progress = options.progress;
    this.expected = options.named;
  }

  expect(total: number): void {
    if (total > 0) this.#total = total;
  }

  add(counts: LoadCounts): void {
    const sum = this.#counts;
    this.#counts = {
      inserted: sum.inserted + counts.inserted,
      updated: sum.updated + counts.updated,
      unchanged: sum.unchanged + counts.unchanged,
      deleted: sum.deleted + counts.deleted,
    };
  }

  rejects(reasons: readonly string[]): void {
    this.rejected += reasons.length;
    this.firstReject ??= reasons[0] ?? null;
  }

  tell(phase: "starting" | "listing" | "merging" | "judging"): void {
    const { requests, throttledMs } = this.#client.stats;
    const total = this.#total === undefined ? {} : { total: this.#total };
    this.#progress({ object: this.#object, phase, mode: this.mode, read: this.read, requests, throttledMs, ...total });
  }

  report(status: ObjectStatus, error: ObjectReport["error"] | null): ObjectReport {
    const { requests, throttledMs } = this.#client.stats;
    this.#progress({
      object: this.#object,
      phase: "done",
      mode: this.mode,
      read: this.read,
      requests,
      throttledMs,
      status,
    });
    return {
      object: this.#object,
      mode: this.mode,
      status,
      read: this.read,
      ...this.#counts,
      ...(this.expired > 0 ? { expired: this.expired } : {}),
      requests,
      throttledMs: Math.round(throttledMs),
      watermark: this.watermark === null ? null : new Date(this.watermark).toISOString(),
      ...(error === null || error === undefined ? {} : { error }),
      expected: this.expected,
      degraded: this.degraded,
      rejected: this.rejected,
      warnings: this.warnings,
    };
  }
}
