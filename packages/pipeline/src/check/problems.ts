import { isAbort, TidemarkError } from "@tidemark/kernel";

import { describeError } from "../outcome.js";
import type { CheckProblem } from "./types.js";

/** What was thrown as a problem of the connection; an interruption and our own bugs are thrown on. */
export function problemOf(error: unknown): CheckProblem {
  if (isAbort(error) || !(error instanceof TidemarkError)) throw error;
  return describeError(error);
}
