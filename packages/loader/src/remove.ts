import type { Match, RowsMatching, Source } from "@tidemark/warehouse";

import type { MergeContext } from "./merge-context.js";
import { type LoadedTable, same } from "./table.js";
import type { DeletePolicy, DeleteReason } from "./types.js";
import { endVersions, type Versioned } from "./versions.js";

/** Rows elsewhere that go with a row of this object: `column` holds its id. */
export interface Dependant {
  readonly table: string;
  readonly column: string;
}

/** A dependant that is there. */
export interface StoredDependant extends Dependant {
  readonly stored: Versioned;
}

export interface Family {
  readonly main: LoadedTable;
  readonly children: readonly LoadedTable[];
  readonly dependants: readonly StoredDependant[];
  readonly deletes: DeletePolicy;
}

/** Rows to remove: those whose `columns` (the key or part of it) match a row of `source`, which names them alike. */
export interface Removal {
  readonly source: Source;
  readonly columns: readonly string[];
  readonly reason: DeleteReason;
}

/** Removes rows and what belongs to them, children first; returns how many rows of the main table left. */
export async function removeRows(context: MergeContext, family: Family, removal: Removal): Promise<number> {
  const { main, deletes } = family;
  if (deletes === "ignore") return 0;
  const within = (match: Match): { source: Source; match: Match } => ({ source: removal.source, match });
  for (const child of family.children) {
    const match = childMatch(child, removal.columns);
    if (match)
      await removeFromTable(context, child, { within: within(match), mark: markAs(family, child.soft, "parent") });
  }
  const wholeKey = main.key.length === 1 && removal.columns.length === 1 && removal.columns[0] === main.key[0];
  // A row that a filter no longer selects still exists in Okta: what refers to it stays.
  if (wholeKey && removal.reason !== "filtered") {
    for (const dependant of family.dependants) {
      const match: Match = [[dependant.column, removal.columns[0] ?? ""]];
      const mark = markAs(family, dependant.stored.soft, "parent");
      await removeFromTable(context, dependant.stored, { within: within(match), mark });
    }
  }
  const own = same(removal.columns);
  return removeFromTable(context, main, { within: within(own), mark: markAs(family, main.soft, removal.reason) });
}

/** Removes or marks rows and ends their versions. */
async function removeFromTable(
  context: MergeContext,
  table: Versioned,
  removal: { within: { source: Source; match: Match }; mark: DeleteReason | null },
): Promise<number> {
  const count = await removeFrom(context, { table: table.name, within: removal.within }, removal.mark);
  if (count > 0) await endVersions(context, table, removal.within);
  return count;
}

/** Takes rows that are gone out of staging as well; returns how many of the main table's were not merged yet. */
export async function removeStaged(context: MergeContext, family: Family, removal: Removal): Promise<number> {
  if (family.deletes === "ignore") return 0;
  for (const child of family.children) {
    const match = childMatch(child, removal.columns);
    const within = match && { source: removal.source, match };
    if (within) await removeFrom(context, { table: child.stage, within, unmerged: true }, null);
  }
  const within = { source: removal.source, match: same(removal.columns) };
  return removeFrom(context, { table: family.main.stage, within, unmerged: true }, null);
}

/** The child's columns for the parent's, or null when it has not all of them. */
function childMatch(child: LoadedTable, columns: readonly string[]): Match | null {
  const match: (readonly [string, string])[] = [];
  for (const column of columns) {
    const pair = child.toParent.find(([, parentColumn]) => parentColumn === column);
    if (!pair) return null;
    match.push([pair[0], column]);
  }
  return match;
}

function markAs(family: Family, hasColumns: boolean, reason: DeleteReason): DeleteReason | null {
  return family.deletes === "soft" && hasColumns ? reason : null;
}

async function removeFrom(context: MergeContext, plan: RowsMatching, mark: DeleteReason | null): Promise<number> {
  const { store, tx } = context;
  const { statements } = store.dialect;
  const statement =
    mark === null
      ? statements.deleteMatching(store.schema, plan)
      : statements.softDeleteMatching(store.schema, plan, mark);
  return (await tx.run(statement)).count;
}
