import type { PassMode } from "@tidemark/kernel";

/** How an object's pass ended. `skipped`: another run holds it, or its parent was not read. */
export type ObjectStatus = "succeeded" | "denied" | "unavailable" | "failed" | "guarded" | "skipped";

/** An object's line in the report; documented in README as part of `replicate --json`. */
export interface ObjectReport {
  readonly object: string;
  readonly mode: PassMode;
  readonly status: ObjectStatus;
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** Rows older than `retain` that were dropped; they did not end in Okta, so `deleted` has none of them. */
  readonly expired?: number;
  readonly requests: number;
  readonly throttledMs: number;
  /** ISO instant: everything that changed in Okta before it is in the table. */
  readonly watermark: string | null;
  readonly error?: { readonly code: string; readonly message: string; readonly remedy?: string };
  /** Named in the configuration, or replicated before: its failure makes the run partial. */
  readonly expected: boolean;
  /** The System Log may not be read: changes are found by listing everything. */
  readonly degraded: boolean;
  /** Items that could not become rows, with the reason; nothing of them was stored. */
  readonly rejected: number;
  readonly warnings: readonly string[];
}

export type RunStatus = "succeeded" | "partial" | "failed" | "interrupted";

/** The document of `replicate --json`. */
export interface RunReport {
  readonly pipeline: string;
  readonly run: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly requests: number;
  readonly completeAsOf: string | null;
  readonly dryRun: boolean;
  readonly objects: readonly ObjectReport[];
  readonly warnings: readonly string[];
  /** Event types in the replicated log that nobody declared, with their number; left out when there are none. */
  readonly unknownEvents?: Readonly<Record<string, number>>;
  readonly error?: { readonly code: string; readonly message: string; readonly remedy?: string };
}

/** A run's status from its objects': what was never expected to work does not count against it. */
export function statusOf(
  objects: readonly ObjectReport[],
  stopped: { failed: boolean; interrupted: boolean },
): RunStatus {
  if (stopped.interrupted) return "interrupted";
  if (stopped.failed) return "failed";
  const succeeded = objects.filter((object) => object.status === "succeeded").length;
  if (objects.length > 0 && succeeded === 0 && objects.every((object) => object.status !== "guarded")) return "failed";
  const broken = objects.some(
    (object) => object.status !== "succeeded" && (object.expected || object.status === "failed"),
  );
  return broken ? "partial" : "succeeded";
}

/** Exit codes: 0 all done, 1 failed, 3 partly done, 130 interrupted. */
export function exitCodeOf(report: RunReport): number {
  switch (report.status) {
    case "succeeded":
      return 0;
    case "failed":
      return 1;
    case "partial":
      return 3;
    case "interrupted":
      return 130;
    default:
      return unreachable(report.status);
  }
}

function unreachable(value: never): never {
  throw new Error(`Unexpected ${String(value)}`);
}
