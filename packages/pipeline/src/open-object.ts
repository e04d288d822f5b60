import { randomUUID } from "node:crypto";

import { dependantsOf, type ObjectDefinition, type TableSpec } from "@tidemark/catalog";
import { type ObjectLoader, openObjectLoader } from "@tidemark/loader";
import type { OktaClient } from "@tidemark/okta-client";
import { compileTransformer } from "@tidemark/transformer";

import { OpenObject } from "./opened-object.js";
import { keepsHistory, prepareTables } from "./prepare-tables.js";
import { type ObjectMemory, planFor, selectionOf, shapeOf } from "./remembered.js";
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
    const { checkpoint } = loader;
    const plan = planFor(run, objectPlan, checkpoint);
    const mode = run.ids === null ? plan.mode : "incremental";
    const resume = run.ids === null ? plan.resume : null;
    const cursor = resume || definition.incremental.how === "append" ? checkpoint.cursor : null;
    const selected = selectionOf(run, objectPlan);
    const pass = resume ?? { id: `${randomUUID()}.${selected}`, mode, startedAt: client.now() };
    const rowFilter = Object.keys(selection.filter).length > 0 ? new RowFilter(definition, selection.filter) : null;
    const transformer = compileTransformer(definition, tables, { exclude: selection.columns.exclude });
    await loader.begin(pass);
    tally.mode = mode;
    tally.watermark = checkpoint.watermark;
    tally.expected ||= checkpoint.watermark !== null;
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
      memory: checkpoint.memory as ObjectMemory,
      selection: selected,
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
