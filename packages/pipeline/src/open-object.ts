import { createHash, randomUUID } from "node:crypto";

import { dependantsOf, type ObjectDefinition, type TableSpec } from "@tidemark/catalog";
import type { Pass } from "@tidemark/kernel";
import { type ObjectLoader, openObjectLoader } from "@tidemark/loader";
import type { OktaClient } from "@tidemark/okta-client";
import { compileTransformer } from "@tidemark/transformer";

import { planPass } from "./mode.js";
import { haveRightsChanged, type ObjectMemory, OpenObject } from "./opened-object.js";
import { keepsHistory, prepareTables } from "./prepare-tables.js";
import { shapeOf } from "./quiet.js";
import { RowFilter } from "./row-filter.js";
import type { ObjectPlan, Run } from "./run.js";
import type { Tally } from "./tally.js";
import { takeLease } from "./take-lease.js";
import type { WorkEntry } from "./work-list.js";

/** Work-list entries taken up in one pass; what is beyond waits for the next. */
const MOST_ENTRIES = 50_000;

/**
 * Prepares an object's tables, takes its lease, and decides how this pass reads it.
 * @throws RetryableError LEASE_HELD when another run is at it.
 */
export async function openObject(
  run: Run,
  objectPlan: ObjectPlan,
  context: { client: OktaClient; tally: Tally },
): Promise<OpenObject> {
  const { definition, selection } = objectPlan;
  const { client, tally } = context;
  tally.tell("starting");
  const { loader, tables, entries } = await openLoader(run, objectPlan, client);
  try {
    const memory = loader.checkpoint.memory as ObjectMemory;
    const selectionText = selectionOf(run, objectPlan);
    const feed = run.feed.gap.has(definition.name) ? "gap" : run.feed.readable ? "good" : "unreadable";
    const plan = planPass(
      definition,
      {
        checkpoint: loader.checkpoint,
        lastCompleteAt: memory.lastCompleteAt ?? null,
        selectionChanged: isOtherSelection(loader.checkpoint.pass, memory, selectionText),
        rightsChanged: haveRightsChanged(run, memory),
        feed,
      },
      { flags: run.flags, now: client.now(), reconcileEveryMs: run.pipeline.reconcileEveryMs },
    );
    const mode = run.ids === null ? plan.mode : "incremental";
    const resume = run.ids === null ? plan.resume : null;
    const cursor = resume || definition.incremental.how === "append" ? loader.checkpoint.cursor : null;
    const pass = resume ?? { id: `${randomUUID()}.${selectionText}`, mode, startedAt: client.now() };
    const rowFilter = Object.keys(selection.filter).length > 0 ? new RowFilter(definition, selection.filter) : null;
    const transformer = compileTransformer(definition, tables, { exclude: selection.columns.exclude });
    await loader.begin(pass);
    tally.mode = mode;
    tally.watermark = loader.checkpoint.watermark;
    tally.expected ||= loader.checkpoint.watermark !== null;
    tally.degraded = !run.feed.readable && definition.events.length > 0;
    if (mode !== "incremental" || definition.incremental.how === "compare") tally.expect(loader.rowsBefore);
    return new OpenObject({
      run,
      objectPlan,
      client,
      tally,
      plan,
      pass,
      cursor,
      entries,
      loader,
      rowFilter,
      transformer,
      memory,
      selection: selectionText,
      shape: shapeOf(run, objectPlan),
    });
  } catch (error) {
    await loader.close();
    throw error;
  }
}

async function openLoader(
  run: Run,
  objectPlan: ObjectPlan,
  client: OktaClient,
): Promise<{ loader: ObjectLoader; tables: TableSpec[]; entries: readonly WorkEntry[] }> {
  const { definition } = objectPlan;
  const lease = await takeLease(run, definition.name);
  try {
    const { warehouse, pipeline, flags } = run;
    const tables = await prepareTables(run, objectPlan, lease);
    const entries = run.ids === null ? await warehouse.dueEntries(definition.name, client.now(), MOST_ENTRIES) : [];
    const events = entries.map(({ key, eventAt }) => ({ key, at: eventAt }));
    const loader = await openObjectLoader({
      warehouse,
      definition,
      tables,
      lease,
      deletes: pipeline.deletes,
      references: dependantTables(definition),
      compareAll: flags.full,
      history: keepsHistory(run, definition),
      times: { now: () => client.now(), events },
      runId: run.id,
    });
    return { loader, tables, entries };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** Tables whose rows end with a row of this object, their child tables included. */
function dependantTables(definition: ObjectDefinition): { table: string; column: string }[] {
  return dependantsOf(definition.name).flatMap(({ object, column }) => {
    const children = (object.children ?? []).flatMap((child) =>
      Object.entries(child.parentColumns)
        .filter(([, parentColumn]) => parentColumn === column)
        .map(([childColumn]) => ({ table: child.name, column: childColumn })),
    );
    return [...children, { table: object.name, column }];
  });
}

/**
 * What rows and deletions depend on, as text: rows read with another selection have to be read again, and so have those
 * below parents that another filter brings back.
 */
function selectionOf(run: Run, { definition, selection }: ObjectPlan): string {
  const declared = definition.columns.map((column) => `${column.path.join(".")} ${column.type}`);
  const parent = run.pipeline.objects.find(({ object }) => object === definition.parent?.object);
  const facts = [
    declared,
    filterFacts(selection.filter),
    [...selection.columns.exclude].sort(),
    filterFacts(parent?.filter ?? {}),
    // What ended while deletes were ignored is found by listing everything.
    run.pipeline.deletes === "ignore",
  ];
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
