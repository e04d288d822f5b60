import { createHash } from "node:crypto";

import { planPass } from "./mode.js";
import { haveRightsChanged, isBlind, type ObjectMemory, watermarkOf } from "./opened-object.js";
import { keepsHistory } from "./prepare-tables.js";
import type { KnownStates, ObjectPlan, Run } from "./run.js";

/** Reads {@link KnownStates}, once the change feed is read. */
export async function readStates(run: Run): Promise<KnownStates> {
  const [checkpoints, due] = await Promise.all([
    run.warehouse.readCheckpoints(),
    run.warehouse.objectsDue(run.client.now()),
  ]);
  return { checkpoints, due };
}

/** Everything that an object's tables and rows are made from, as text. */
export function shapeOf(run: Run, { definition, selection }: ObjectPlan): string {
  const { deletes } = run.pipeline;
  const { grantSelect } = run.warehouse;
  const facts = [definition, selection.columns, deletes, grantSelect, keepsHistory(run, definition), run.version];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}

/**
 * The watermark (ms) of an object that only events change, when none came and nothing else is to be done: its table and
 * its lease need not be touched, which spares an idle run most of its statements. Null: it has to be opened.
 */
export function quietWatermark(run: Run, plan: ObjectPlan): number | null {
  const { definition } = plan;
  const { how } = definition.incremental;
  const checkpoint = run.states?.checkpoints.get(definition.name);
  if ((how !== "log" && how !== "reconcile") || run.ids !== null || !checkpoint?.watermark) return null;
  if (definition.parent?.neverEmpty || run.states?.due.has(definition.name) !== false) return null;
  const memory = checkpoint.memory as ObjectMemory;
  if (memory.shape === undefined || memory.shape !== shapeOf(run, plan) || checkpoint.pass !== null) return null;
  const { mode } = planPass(
    definition,
    {
      checkpoint,
      lastCompleteAt: memory.lastCompleteAt ?? null,
      selectionChanged: false,
      rightsChanged: haveRightsChanged(run, memory),
      feed: run.feed.gap.has(definition.name) ? "gap" : run.feed.readable ? "good" : "unreadable",
    },
    { flags: run.flags, now: run.client.now(), reconcileEveryMs: run.pipeline.reconcileEveryMs },
  );
  if (mode !== "incremental") return null;
  if (isBlind(run, definition)) return checkpoint.watermark;
  return watermarkOf(plan, { startedAt: run.startedAt, before: checkpoint.watermark });
}
