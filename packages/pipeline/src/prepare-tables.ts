import {
  type ColumnRegistry,
  type ObjectDefinition,
  pathKey,
  resolveTable,
  schemaObjectOf,
  type TableSpec,
} from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import { contentColumns, type Lease, type RegisteredTable } from "@tidemark/warehouse";

import type { ObjectPlan, Run } from "./run.js";

/**
 * The object's tables with a typed column for every attribute that the org's schemas name, made or extended before any
 * row has them, under the object's lease. When the schemas may not be read, columns that exist are kept and new attributes go to `_extra`.
 */
export async function prepareTables(run: Run, plan: ObjectPlan, lease: Lease): Promise<TableSpec[]> {
  const { definition, selection } = plan;
  const registry = registryOf(await run.warehouse.readRegistry(definition.name));
  const { capabilities } = run.warehouse.store.dialect;
  const tables = resolveTable(definition, {
    schemas: await schemasOf(run, plan),
    registry,
    columns: selection.columns,
    maxIdentifier: capabilities.identifierBytes,
    maxColumns: contentColumns(capabilities),
  });
  await ensureTables(run.warehouse, tables, {
    deletes: run.pipeline.deletes,
    lease,
    history: keepsHistory(run, definition),
  });
  return tables;
}

/** True when the pipeline keeps versions of the object's rows. */
export function keepsHistory({ pipeline }: Pick<Run, "pipeline">, { name }: ObjectDefinition): boolean {
  return pipeline.history.includes(name);
}

async function schemasOf(run: Run, plan: ObjectPlan): Promise<readonly unknown[]> {
  const schemaObject = schemaObjectOf(plan.definition);
  if (!schemaObject) return [];
  const read = await run.direct.read(schemaObject);
  if (read.error) {
    run.warnings.push(
      `The schemas of ${plan.definition.name} cannot be read (${read.error.message}): custom attributes go to _extra unless they have a column already`,
    );
  }
  return read.items;
}

function registryOf(tables: readonly RegisteredTable[]): ColumnRegistry {
  return Object.fromEntries(
    tables.map((table) => [
      table.name,
      Object.fromEntries(
        table.columns.map((column) => [pathKey(column.path), { name: column.name, type: column.type }]),
      ),
    ]),
  );
}
