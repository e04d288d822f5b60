import { RetryableError } from "@tidemark/kernel";

import { liveLeases } from "./bookkeeping/leases.js";
import { tableNames } from "./bookkeeping/prepare.js";
import { readRegistry } from "./bookkeeping/registry.js";
import { BOOKKEEPING_TABLES } from "./bookkeeping/tables.js";
import type { Store } from "./store.js";

/**
 * Removes what Tidemark made: bookkeeping and staging, and with `dropTables` the replicated tables. Whatever else is in
 * the schema, and the schema itself, stays. LEASE_HELD while a run is at work. Returns the names of dropped tables.
 */
export async function uninstall(store: Store, options: { dropTables: boolean }): Promise<string[]> {
  const { statements } = store.dialect;
  return store.transaction("uninstall", async (tx) => {
    await tx.lock("prepare");
    const present = await tableNames(tx, store);
    if (!present.has("_tidemark_meta")) return [];
    const [held] = present.has("_tidemark_leases") ? await liveLeases(tx, store) : [];
    if (held) {
      throw new RetryableError("LEASE_HELD", `A run is working on ${held.object}: ${held.holder}`, {
        remedy: "Stop that run first, or wait for its lease to end. Nothing was removed.",
      });
    }
    const made = present.has("_tidemark_columns") ? await readRegistry(tx) : [];
    const dropped = made
      .filter((table) => table.kind === "staging" || options.dropTables)
      .map((table) => table.name)
      .filter((name) => present.has(name));
    const views = new Set(made.filter((table) => table.kind === "view").map((table) => table.name));
    // Views first: a table that one reads cannot be dropped.
    for (const name of views) if (dropped.includes(name)) await tx.run(statements.dropView(store.schema, name));
    for (const name of dropped) if (!views.has(name)) await tx.run(statements.dropTable(store.schema, name));
    // Where DDL commits, what was cut off is taken up again: the registry goes after what it names, and the table that
    // stands for all others goes last.
    const last = ["_tidemark_columns", "_tidemark_tables", "_tidemark_meta"];
    const names = BOOKKEEPING_TABLES.map((plan) => plan.name).filter((name) => !last.includes(name));
    for (const name of [...names, ...last]) await tx.run(statements.dropTable(store.schema, name));
    return dropped;
  });
}
