import type { ObjectDefinition } from "@tidemark/catalog";
import type { Checkpoint, Pass, PassMode } from "@tidemark/kernel";

import type { MergeAt } from "./batches.js";

/** What is asked of a run on the command line. */
export interface RunFlags {
  readonly full: boolean;
  readonly reconcile: boolean;
}

/** What is known of an object when its pass is planned. */
export interface ObjectState {
  readonly checkpoint: Checkpoint;
  /** When it was last listed completely (ms), or never. */
  readonly lastCompleteAt: number | null;
  /** Its columns and row filter are those that the rows in the table were read with. */
  readonly selectionChanged: boolean;
  /** The token's rights are not those under which everything was listed last. */
  readonly rightsChanged: boolean;
  /** `unreadable`: no right to read the log. `gap`: events were lost, whatever they drive is listed again. */
  readonly feed: "good" | "unreadable" | "gap";
}

/** How an object is read in this run. */
export interface PassPlan {
  readonly mode: PassMode;
  /** Nothing is in the table yet: rows are merged as they come. */
  readonly firstLoad: boolean;
  /** The unfinished pass to go on with. */
  readonly resume: Pass | null;
  readonly mergeAt: MergeAt;
  readonly reason: string;
}

/** Decides how an object is read: what is asked for, what its state demands, or what its way to be incremental allows. */
export function planPass(
  definition: ObjectDefinition,
  state: ObjectState,
  context: { flags: RunFlags; now: number; reconcileEveryMs: number },
): PassPlan {
  const { mode, reason } = wantedMode(definition, state, context);
  const firstLoad = state.checkpoint.watermark === null;
  const unfinished = state.checkpoint.pass;
  const resume = unfinished !== null && unfinished.mode === mode && !state.selectionChanged ? unfinished : null;
  return { mode, firstLoad, resume, mergeAt: mergePoint(definition, mode, firstLoad), reason };
}

function wantedMode(
  definition: ObjectDefinition,
  state: ObjectState,
  context: { flags: RunFlags; now: number; reconcileEveryMs: number },
): { mode: PassMode; reason: string } {
  const { flags, now, reconcileEveryMs } = context;
  if (state.checkpoint.watermark === null) return { mode: "full", reason: "first load" };
  if (definition.incremental.how === "append") return { mode: "incremental", reason: "append-only" };
  if (flags.full) return { mode: "full", reason: "--full" };
  if (flags.reconcile) return { mode: "reconcile", reason: "--reconcile" };
  if (state.selectionChanged) return { mode: "reconcile", reason: "columns or filter changed" };
  if (state.rightsChanged) return { mode: "reconcile", reason: "other rights than before" };
  const unfinished = state.checkpoint.pass?.mode;
  if (unfinished === "full" || unfinished === "reconcile") return { mode: unfinished, reason: "resumed" };
  if (definition.incremental.how === "compare") return { mode: "incremental", reason: "listed whole in every run" };
  if (state.feed === "gap" && definition.events.length > 0) return { mode: "reconcile", reason: "events were lost" };
  if (state.feed === "unreadable" && definition.incremental.how === "log" && isCheapToList(definition))
    return { mode: "reconcile", reason: "no right to read the log" };
  const dueAfter = reconcileEveryMs * (definition.reconcileFactor ?? 1);
  if (state.lastCompleteAt === null || now - state.lastCompleteAt >= dueAfter)
    return { mode: "reconcile", reason: "due" };
  return { mode: "incremental", reason: definition.incremental.how };
}

/**
 * Without the log an object is listed in every run; not one that takes a request a user or an application beside what
 * everybody wants, whose turn is the reconcile's.
 */
export function isCheapToList({ preset, parent }: ObjectDefinition): boolean {
  return preset === "core" || parent === undefined;
}

function mergePoint(definition: ObjectDefinition, mode: PassMode, firstLoad: boolean): MergeAt {
  if (definition.incremental.how === "append") return "batch";
  if (mode === "full" && !firstLoad) return "end";
  // Of a list of its own most rows are there already: asking for their hashes takes half as long as staging them all.
  return definition.parent === undefined ? "batch" : "scope";
}
