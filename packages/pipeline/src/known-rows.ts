import { type KeyValues, type ObjectDefinition, objectNamed } from "@tidemark/catalog";
import type { Scope } from "@tidemark/extractor";
import type { Warehouse } from "@tidemark/warehouse";

const PAGE = 1_000;

/** The tables as far as reading Okta needs them: which parents there are, which rows refer to whom. */
export class KnownRows {
  readonly #warehouse: Warehouse;
  /** Parents that their own listing showed to be empty; in memory only, so a resumed run asks again. */
  readonly #empty = new Map<string, Set<string>>();
  /** Keys that a dry run read and did not store. */
  readonly #unstored = new Map<string, KeyValues[]>();

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  /** The object's parents in key order behind `after`; with `changedSince` those whose watermark column moved since. */
  async *parents(
    definition: ObjectDefinition,
    options: { after: KeyValues | null; changedSince?: number },
  ): AsyncGenerator<Scope> {
    const { parent, incremental } = definition;
    if (!parent) return;
    const parentDefinition = objectNamed(parent.object);
    const columns = Object.values(parent.columns);
    const toScope = (row: KeyValues): Scope => {
      const values = Object.fromEntries(Object.entries(parent.columns).map(([column, from]) => [column, row[from] ?? ""]));
      return this.#isEmpty(parent.object, row) ? { values, empty: true } : { values };
    };
    const since =
      options.changedSince !== undefined && incremental.how === "parent"
        ? { column: incremental.parentColumn, at: new Date(options.changedSince).toISOString() }
        : undefined;
    let after = options.after === null ? null : inParent(parent.columns, options.after);
    for (;;) {
      const rows = await this.#warehouse.selectKeys(parentDefinition.name, columns, { after, limit: PAGE, ...(since ? { since } : {}) });
      for (const row of rows) yield toScope(row);
      after = rows.at(-1) ?? null;
      if (rows.length < PAGE) break;
    }
    for (const row of this.#unstored.get(parent.object) ?? []) yield toScope(row);
  }

  /** Stored rows that have these values, at most `limit`. */
  keys(definition: ObjectDefinition, where: KeyValues, limit: number): Promise<readonly KeyValues[]> {
    return this.#warehouse.selectKeys(definition.name, definition.key, { where, limit });
  }

  /** How many stored rows have these values. */
  count(definition: ObjectDefinition, where: KeyValues): Promise<number> {
    return this.#warehouse.countRows(definition.name, where);
  }
}

function inParent(columns: Readonly<Record<string, string>>, values: KeyValues): KeyValues {
  return Object.fromEntries(Object.entries(columns).map(([column, from]) => [from, values[column] ?? ""]));
}
