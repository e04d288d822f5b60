import { isBlind, watermarkOf } from "./opened-object.js";
import { type ObjectMemory, planFor, shapeOf } from "./remembered.js";
import type { KnownStates, ObjectPlan, Run } from "./run.js";

/** Reads {@link KnownStates}, once the change feed is read. */
export async function readStates({ warehouse, client }: Run): Promise<KnownStates> {
  const [checkpoints, due, leased] = await Promise.all([
    warehouse.readCheckpoints(),
    warehouse.objectsDue(client.now()),
    warehouse.objectsLeased(),
  ]);
  return { checkpoints, due, leased };
}

/**
 * The watermark (ms) of an object that only events change, when none came and nothing else is to be done: its table and
 * its lease need not be touched, which spares an idle run most of its statements. Null: it has to be opened.
 */
export function quietWatermark(run: Run, plan: ObjectPlan): number | null {
  const { definition } = plan;
  const { how } = definition.incremental;
  const checkpoint = run.states?.checkpoints.get(definition.name);
  if (run.states === null || run.ids !== null || !checkpoint?.watermark) return null;
  if ((how !== "log" && how !== "reconcile") || definition.parent?.neverEmpty) return null;
  // Whoever holds a lease is at work, or died and left it behind.
  if (run.states.due.has(definition.name) || run.states.leased.has(definition.name)) return null;
  if ((checkpoint.memory as ObjectMemory).shape !== shapeOf(run, plan)) return null;
  if (checkpoint.pass !== null || planFor(run, plan, checkpoint).mode !== "incremental") return null;
  if (isBlind(run, definition)) return checkpoint.watermark;
  return watermarkOf(plan, { startedAt: run.startedAt, before: checkpoint.watermark });
}
