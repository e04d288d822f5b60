import { putObjectStatus, type StoredCheckpoint, writeCheckpoint } from "@tidemark/warehouse";

import { forgetAbsent } from "./absent.js";
import { type LoaderContext, type LoaderState, NOTHING, plus } from "./loader-state.js";
import { removeRows } from "./remove.js";
import { clearStaging, mergeWaiting } from "./staging.js";
import { keySetsOf } from "./table.js";
import type { Finish, LoadCounts } from "./types.js";
import { keepVersions } from "./versions.js";

/** Merges what waits, removes who was found absent, writes watermark and public status, forgets the pass. */
export async function endPass(
  context: LoaderContext,
  finish: Finish,
): Promise<{ state: LoaderState; result: LoadCounts }> {
  const { state, began } = context;
  if (!began) return { state: { ...state, checkpoint: await writeEnd(context, finish) }, result: NOTHING };
  const merged = state.waiting > 0 ? (await mergeWaiting(context)).counts : NOTHING;
  const deleted = await removeAbsent(context, finish);
  if (finish.complete) await completeVersions(context);
  const checkpoint = await writeEnd(context, finish);
  return { state: { ...state, checkpoint, waiting: 0, absent: 0 }, result: plus(plus(NOTHING, merged), { deleted }) };
}

/** After everything was read the histories are held against the whole tables: what a person changed there is told as well. */
async function completeVersions(context: LoaderContext): Promise<void> {
  const { main, children } = context.parts.family;
  for (const table of [main, ...children]) await keepVersions(context, table);
}

async function removeAbsent(context: LoaderContext, finish: Finish): Promise<number> {
  const { store, parts, state } = context;
  const { main } = parts.family;
  let deleted = 0;
  for (const keys of keySetsOf(finish.spared ?? [], store)) await forgetAbsent(context, main, { keys });
  for (const keys of keySetsOf(finish.filtered ?? [], store)) {
    await forgetAbsent(context, main, { keys });
    deleted += await removeRows(context, parts.family, { source: { keys }, columns: keys.columns, reason: "filtered" });
  }
  if (finish.deleteAbsent && state.absent > 0) {
    const removal = { source: { table: main.absent }, columns: main.key, reason: "absent" as const };
    deleted += await removeRows(context, parts.family, removal);
  }
  return deleted;
}

async function writeEnd(context: LoaderContext, finish: Finish): Promise<StoredCheckpoint> {
  const { store, tx, parts, state, began } = context;
  const { main } = parts.family;
  const { checkpoint: before } = state;
  let checkpoint: StoredCheckpoint = {
    ...before,
    watermark: finish.watermark ?? before.watermark,
    memory: finish.memory,
  };
  if (began) {
    await clearStaging(context);
    const ended = { pass: null, cursor: finish.cursor, staged: 0, sequence: 0, rowsBefore: null, fromEmpty: false };
    checkpoint = { ...checkpoint, ...ended };
  }
  await writeCheckpoint(tx, parts.object, checkpoint);
  const live = await tx.run(store.dialect.statements.count(store.schema, main.name, main.soft));
  const pass = began ? before.pass : null;
  await putObjectStatus(tx, store, {
    object: parts.object,
    tableName: main.name,
    watermark: checkpoint.watermark,
    rows: Number(live.rows[0]?.["n"]),
    lastRunId: parts.runId,
    ...(pass ? { mode: pass.mode } : {}),
    ...(pass && finish.complete ? { lastReconcileAt: pass.startedAt } : {}),
  });
  return checkpoint;
}
