import { type KeyValues, type ObjectDefinition, objectNamed, OBJECTS } from "@tidemark/catalog";
import type { Scope } from "@tidemark/extractor";
import type { Warehouse } from "@tidemark/warehouse";

import { countsById } from "./judge.js";

const PAGE = 1_000;

/** The tables as far as reading Okta needs them: which parents there are, which rows refer to whom. */
export class KnownRows {
  readonly #warehouse: Warehouse;
  /** Parents that their own listing showed to be empty, by child object; in memory only, so a resumed run asks again. */
  readonly #empty = new Map<string, Set<string>>();

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  /** The object's parents in key order behind `after`; with `changedSince` (ms) those whose watermark column moved since. */
  async *parents(
    definition: ObjectDefinition,
    options: { after: KeyValues | null; changedSince?: number },
  ): AsyncGenerator<Scope> {
    const { parent, incremental } = definition;
    const parentDefinition = parent && objectNamed(parent.object);
    if (!parent || !parentDefinition) return;
    const columns = Object.entries(parent.columns);
    const since =
      options.changedSince !== undefined && incremental.how === "parent"
        ? { since: { column: incremental.parentColumn, at: new Date(options.changedSince).toISOString() } }
        : {};
    const behind = options.after;
    let after = behind && Object.fromEntries(columns.map(([column, from]) => [from, behind[column] ?? ""]));
    for (;;) {
      const names = columns.map(([, from]) => from);
      const rows = await this.#warehouse.selectKeys(parentDefinition.name, names, { after, limit: PAGE, ...since });
      const filled = await this.#filledAmongEmpty(
        definition,
        rows.map((row) => row[names[0] ?? ""] ?? ""),
      );
      for (const row of rows) {
        const values = Object.fromEntries(columns.map(([column, from]) => [column, row[from] ?? ""]));
        // A path parameter that the parent does not have (a type without schema) leaves nothing to list.
        if (Object.values(values).includes("")) continue;
        const id = Object.values(values)[0] ?? "";
        const empty = this.#empty.get(definition.name)?.has(id) === true && !filled.has(id);
        yield empty ? { values, empty } : { values };
      }
      if (rows.length < PAGE) return;
      after = rows.at(-1) ?? null;
    }
  }

  /** Stored rows that have these values, at most `limit`. */
  keys(definition: ObjectDefinition, where: KeyValues, limit: number): Promise<readonly KeyValues[]> {
    return this.#warehouse.selectKeys(definition.name, definition.key, { where, limit });
  }

  /** How many stored rows have these values. */
  count(definition: ObjectDefinition, where: KeyValues): Promise<number> {
    return this.#warehouse.countRows(definition.name, where);
  }

  /** Parents named by stored rows that are not in the parent's table (any more). */
  async orphans(definition: ObjectDefinition): Promise<readonly KeyValues[]> {
    const { parent } = definition;
    const [column, from] = Object.entries(parent?.columns ?? {})[0] ?? [];
    if (!parent || column === undefined || from === undefined) return [];
    const [named, there] = [
      await this.#warehouse.distinctValues(definition.name, column),
      new Set(await this.#warehouse.distinctValues(parent.object, from)),
    ];
    return named.filter((value) => !there.has(value)).map((value) => ({ [column]: value }));
  }

  /** Remembers parents whose own row says that they have no children, so that no request asks them. */
  noteEmptyParents(parent: ObjectDefinition, items: readonly unknown[]): void {
    for (const child of OBJECTS) {
      if (child.parent?.object !== parent.name || !child.countedBy) continue;
      const idColumn = Object.values(child.parent.columns)[0] ?? "id";
      for (const [id, count] of countsById(items, idColumn, child.countedBy.path)) {
        const known = this.#empty.get(child.name) ?? new Set();
        this.#empty.set(child.name, known);
        if (count === 0) known.add(id);
        else known.delete(id);
      }
    }
  }

  /** Of parents that claim to be empty those of which rows are known: counts may lag, so they are asked all the same. */
  async #filledAmongEmpty(definition: ObjectDefinition, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const empty = this.#empty.get(definition.name);
    const claimed = ids.filter((id) => empty?.has(id) === true);
    const [column] = Object.keys(definition.parent?.columns ?? {});
    if (claimed.length === 0 || column === undefined) return new Set();
    const where = [{ column, is: "in" as const, value: claimed }];
    return new Set(await this.#warehouse.distinctValues(definition.name, column, where));
  }
}
