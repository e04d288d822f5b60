import type { PassMode } from "@tidemark/kernel";

import type { ObjectStatus } from "./report.js";

/** What an object's pass is doing; sent often, cheap to ignore. */
export interface ProgressEvent {
  readonly object: string;
  readonly phase: "starting" | "listing" | "merging" | "judging" | "done";
  readonly mode: PassMode;
  /** Items read so far. */
  readonly read: number;
  /** Items expected, where known (rows of the last complete listing). */
  readonly total?: number;
  readonly requests: number;
  /** Time spent waiting for the rate ledger. */
  readonly throttledMs: number;
  readonly status?: ObjectStatus;
}

export type ProgressListener = (event: ProgressEvent) => void;
