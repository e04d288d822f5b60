import { createHash } from "node:crypto";

import type { Checkpoint, Pass } from "@tidemark/kernel";

import { type PassPlan, planPass } from "./mode.js";
import { keepsHistory } from "./prepare-tables.js";
import type { ObjectPlan, Run } from "./run.js";
import type { RememberedGrants } from "./trust.js";

/** What is remembered beside an object's checkpoint, from its last complete reading. */
export interface ObjectMemory {
  readonly lastCompleteAt?: number;
  /** Columns and row filter that the rows were read with. */
  readonly selection?: string;
  readonly grants?: RememberedGrants;
  /** Fingerprint of the rights under which everything was listed last, whatever came of it. */
  readonly listedWith?: string;
  /** What the tables were made from when a pass ended last. */
  readonly shape?: string;
}

/** How an object of that checkpoint is read in this run, by what is asked for and what is remembered of it. */
export function planFor(run: Run, plan: ObjectPlan, checkpoint: Checkpoint): PassPlan {
  const { definition } = plan;
  const memory = checkpoint.memory as ObjectMemory;
  const state = {
    checkpoint,
    lastCompleteAt: memory.lastCompleteAt ?? null,
    selectionChanged: isOtherSelection(checkpoint.pass, memory, selectionOf(run, plan)),
    rightsChanged: haveRightsChanged(run, memory),
    feed: feedOf(run, definition.name),
  };
  const { flags, client, pipeline } = run;
  return planPass(definition, state, { flags, now: client.now(), reconcileEveryMs: pipeline.reconcileEveryMs });
}

function feedOf({ feed }: Run, object: string): "gap" | "good" | "unreadable" {
  if (feed.gap.has(object)) return "gap";
  return feed.readable ? "good" : "unreadable";
}

/**
 * What rows and deletions depend on, as text: rows read with another selection have to be read again, and so have those
 * below parents that another filter brings back.
 */
export function selectionOf(run: Run, { definition, selection }: ObjectPlan): string {
  const declared = definition.columns.map((column) => `${column.path.join(".")} ${column.type}`);
  const parent = run.pipeline.objects.find(({ object }) => object === definition.parent?.object);
  return fingerprint([
    declared,
    filterFacts(selection.filter),
    [...selection.columns.exclude].sort(),
    filterFacts(parent?.filter ?? {}),
    // What ended while deletes were ignored is found by listing everything.
    run.pipeline.deletes === "ignore",
  ]);
}

/** Everything that an object's tables are made from, as text. */
export function shapeOf(run: Run, { definition, selection }: ObjectPlan): string {
  const { pipeline, warehouse, version } = run;
  const history = keepsHistory(run, definition);
  return fingerprint([definition, selection.columns, pipeline.deletes, warehouse.grantSelect, history, version]);
}

function fingerprint(facts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}

function filterFacts(filter: ObjectPlan["selection"]["filter"]): [string, string[]][] {
  return Object.entries(filter)
    .map(([name, values]): [string, string[]] => [name, [...values].sort()])
    .sort();
}

/** True when the rows, or those that an unfinished complete pass has merged, were read with another selection. */
function isOtherSelection(pass: Pass | null, memory: ObjectMemory, selection: string): boolean {
  if (memory.selection !== undefined && memory.selection !== selection) return true;
  return pass !== null && pass.mode !== "incremental" && !pass.id.endsWith(`.${selection}`);
}

/** Rows that the token did not see before have not changed since: no time filter and no event leads to them. */
function haveRightsChanged({ grants }: Run, memory: ObjectMemory): boolean {
  const seen = memory.grants?.fingerprint ?? grants.fingerprint;
  return seen !== grants.fingerprint && memory.listedWith !== grants.fingerprint;
}
