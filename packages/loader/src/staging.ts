import { RetryableError } from "@tidemark/kernel";

import { takeScopes } from "./absent.js";
import type { LoaderContext } from "./loader-state.js";
import { mergeStaged } from "./merge-stage.js";

/** What is staged is evidence of what exists: nothing is concluded from staging that somebody else has touched. */
export async function checkStaging(context: LoaderContext): Promise<void> {
  const { store, tx, parts, state } = context;
  const { stage } = parts.family.main;
  const { staged } = state.checkpoint;
  const answer = await tx.run(store.dialect.statements.count(store.schema, stage, false));
  const found = Number(answer.rows[0]?.["n"]);
  if (found === staged) return;
  throw new RetryableError(
    "WAREHOUSE_CONFLICT",
    `Staging of ${parts.object} holds ${found} rows instead of ${staged}: somebody else changed it. Nothing was merged or deleted`,
    { where: stage, remedy: "Run again: the pass starts over." },
  );
}

/** Merges all that waits in staging. */
export async function mergeWaiting(context: LoaderContext): ReturnType<typeof mergeStaged> {
  await checkStaging(context);
  const { main, children, deletes } = context.parts.family;
  return mergeStaged(context, { main, children, waiting: context.state.waiting, soft: deletes === "soft" });
}

/** Rows just merged whose scope is still open stay as seen keys; so many are `left` in the main table's staging. */
export async function keepAsSeen(context: LoaderContext, left: number): Promise<void> {
  const { store, tx, parts } = context;
  const { statements } = store.dialect;
  if (left > 0) await tx.run(statements.markMerged(store.schema, parts.family.main.stage));
  for (const child of parts.family.children) await tx.run(statements.empty(store.schema, child.stage));
}

/** Forgets what a pass has staged, recorded and remembered. */
export async function clearStaging(context: LoaderContext): Promise<void> {
  const { store, tx, parts, state } = context;
  const { statements } = store.dialect;
  const { main, children } = parts.family;
  if (state.checkpoint.staged > 0 || state.waiting > 0) {
    for (const table of [main, ...children]) await tx.run(statements.empty(store.schema, table.stage));
  }
  if (state.absent > 0) await tx.run(statements.empty(store.schema, main.absent));
  await takeScopes(context, parts.object);
}
