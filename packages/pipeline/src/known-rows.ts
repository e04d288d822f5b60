import { childrenOf, type KeyValues, type ObjectDefinition, parentsOf } from "@tidemark/catalog";
import type { Scope } from "@tidemark/extractor";
import type { Warehouse } from "@tidemark/warehouse";

import { countsById } from "./judge.js";

const PAGE = 1_000;

/** Which parents are wanted. */
interface ParentsOptions {
  readonly after: KeyValues | null;
  readonly changedSince?: number;
  readonly part?: KeyValues;
}

/** The tables as far as reading Okta needs them: which parents there are, which rows refer to whom. */
export class KnownRows {
  readonly #warehouse: Warehouse;
  /** Parents that their own listing showed to be empty, by child object; in memory only, so a resumed run asks again. */
  readonly #empty = new Map<string, Set<string>>();

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  /**
   * The object's parents in key order behind `after`; with `changedSince` (ms) those whose watermark column moved since,
   * with `part` those that have these values.
   */
  async *parents(definition: ObjectDefinition, options: ParentsOptions): AsyncGenerator<Scope> {
    const parents = parentsOf(definition);
    const [only] = parents;
    if (only === undefined) return;
    const { times, values } = definition.parent ?? {};
    const own =
      parents.length === 1 && values === undefined
        ? this.#parentsIn(definition, only, options)
        : inOrder(await this.#parentsInAll(definition, parents, options.part), options.after);
    yield* times ? this.#multiplied(own, times, options.after) : own;
  }

  /** Parents of one table, page by page. */
  async *#parentsIn(
    definition: ObjectDefinition,
    from: ObjectDefinition,
    options: ParentsOptions,
  ): AsyncGenerator<Scope> {
    const { parent, incremental } = definition;
    if (!parent) return;
    const columns = Object.entries(parent.columns);
    const since =
      options.changedSince !== undefined && incremental.how === "parent"
        ? { since: { column: incremental.parentColumn, at: new Date(options.changedSince).toISOString() } }
        : {};
    const among = parent.where ? { among: parent.where } : {};
    const part = Object.entries(options.part ?? {}).flatMap(([column, value]): [string, string][] => {
      const name = parent.columns[column];
      return name === undefined ? [] : [[name, value]];
    });
    const where = part.length > 0 ? { where: Object.fromEntries(part) } : {};
    const behind = options.after;
    let after = behind && Object.fromEntries(columns.map(([column, name]) => [name, behind[column] ?? ""]));
    for (;;) {
      const names = columns.map(([, name]) => name);
      const rows = await this.#warehouse.selectKeys(from.name, names, {
        after,
        limit: PAGE,
        ...since,
        ...among,
        ...where,
      });
      const filled = await this.#filledAmongEmpty(
        definition,
        rows.map((row) => row[names[0] ?? ""] ?? ""),
      );
      for (const row of rows) {
        const values = Object.fromEntries(columns.map(([column, name]) => [column, row[name] ?? ""]));
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

  /** Parents of several tables, which are small, and those that no table has. */
  async #parentsInAll(
    definition: ObjectDefinition,
    parents: readonly ObjectDefinition[],
    part: KeyValues = {},
  ): Promise<Scope[]> {
    const found: Scope[] = [];
    for (const from of parents) {
      for await (const scope of this.#parentsIn(definition, from, { after: null, part })) found.push(scope);
    }
    for (const values of definition.parent?.values ?? []) {
      if (Object.entries(part).every(([column, value]) => values[column] === value)) found.push({ values });
    }
    return found;
  }

  /** Each parent with each row of the other object. The parent behind which reading goes on may have some of them left. */
  async *#multiplied(
    parents: AsyncIterable<Scope> | Iterable<Scope>,
    times: NonNullable<NonNullable<ObjectDefinition["parent"]>["times"]>,
    after: KeyValues | null,
  ): AsyncGenerator<Scope> {
    const columns = Object.entries(times.columns);
    const rows = await this.#warehouse.distinctKeys(
      times.object,
      columns.map(([, from]) => from),
    );
    const others = rows.map((row) => Object.fromEntries(columns.map(([column, from]) => [column, row[from] ?? ""])));
    const ordered = others.sort((left, right) => compareKeys(left, right));
    if (after !== null) {
      for (const other of ordered) {
        const behind = Object.fromEntries(columns.map(([column]) => [column, after[column] ?? ""]));
        if (compareKeys(other, behind) > 0) yield { values: { ...after, ...other } };
      }
    }
    for await (const { values } of parents) for (const other of ordered) yield { values: { ...values, ...other } };
  }

  /**
   * The scopes that a part of their values stands for: all parents of a deep object that have it; of what only some
   * parents have, those that do.
   */
  async scopesWith(definition: ObjectDefinition, part: KeyValues): Promise<readonly KeyValues[]> {
    const { parent } = definition;
    const wanted = Object.keys({ ...parent?.columns, ...parent?.times?.columns });
    const isWhole = wanted.every((column) => part[column] !== undefined);
    if (!parent || (isWhole && parent.where === undefined)) return [part];
    const found: KeyValues[] = [];
    for await (const { values } of this.parents(definition, { after: null, part })) found.push(values);
    return found;
  }

  /** Parents that have no row here. */
  async withoutRows(definition: ObjectDefinition): Promise<readonly KeyValues[]> {
    const columns = Object.keys(definition.parent?.columns ?? {});
    const rows = await this.#warehouse.distinctKeys(definition.name, columns);
    const filled = new Set(rows.map((row) => JSON.stringify(columns.map((column) => row[column]))));
    const empty: KeyValues[] = [];
    for await (const { values } of this.parents(definition, { after: null })) {
      if (!filled.has(JSON.stringify(columns.map((column) => values[column])))) empty.push(values);
    }
    return empty;
  }

  /** Stored rows that have these values, at most `limit`. */
  keys(definition: ObjectDefinition, where: KeyValues, limit: number): Promise<readonly KeyValues[]> {
    return this.#warehouse.selectKeys(definition.name, definition.key, { where, limit });
  }

  /** How many stored rows have these values. */
  count(definition: ObjectDefinition, where: KeyValues): Promise<number> {
    return this.#warehouse.countRows(definition.name, where);
  }

  /** Parents named by stored rows (with `part`: by those that have these values) that are not in the parent's table (any more). */
  async orphans(definition: ObjectDefinition, part: KeyValues = {}): Promise<readonly KeyValues[]> {
    const found = await this.#orphans(definition);
    return found.filter((row) => Object.entries(part).every(([column, value]) => row[column] === value));
  }

  async #orphans(definition: ObjectDefinition): Promise<readonly KeyValues[]> {
    const { parent } = definition;
    if (!parent) return [];
    const { columns, where, times, values = [] } = parent;
    const of = parentsOf(definition).map(({ name }) => name);
    const missing = await this.#without(definition, { columns, of, where });
    const orphans = missing.filter((row) => !values.some((one) => compareKeys(one, row) === 0));
    if (!times) return orphans;
    return [...orphans, ...(await this.#without(definition, { columns: times.columns, of: [times.object] }))];
  }

  /** Values of these columns that no row of the tables `of` has. */
  async #without(
    definition: ObjectDefinition,
    link: {
      readonly columns: Readonly<Record<string, string>>;
      readonly of: readonly string[];
      readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
    },
  ): Promise<KeyValues[]> {
    const own = Object.keys(link.columns);
    const names = Object.values(link.columns);
    const named = await this.#warehouse.distinctKeys(definition.name, own);
    const there = new Set<string>();
    for (const table of link.of) {
      const rows = await this.#warehouse.distinctKeys(table, names, link.where);
      for (const row of rows) there.add(JSON.stringify(names.map((name) => row[name])));
    }
    return named.filter((row) => !there.has(JSON.stringify(own.map((column) => row[column]))));
  }

  /** Remembers parents whose own row says that they have no children, so that no request asks them. */
  noteEmptyParents(parent: ObjectDefinition, items: readonly unknown[]): void {
    for (const child of childrenOf(parent.name)) {
      if (!child.countedBy) continue;
      const idColumn = Object.values(child.parent?.columns ?? {})[0] ?? "id";
      for (const [id, count] of countsById(items, idColumn, child.countedBy)) {
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

/** Scopes by their values, those behind `after` only. */
function inOrder(scopes: readonly Scope[], after: KeyValues | null): Scope[] {
  const sorted = scopes.toSorted((left, right) => compareKeys(left.values, right.values));
  return after === null ? sorted : sorted.filter(({ values }) => compareKeys(values, after) > 0);
}

/** Order of two keys by the values of the first one's columns, in their order. */
function compareKeys(left: KeyValues, right: KeyValues): number {
  for (const [column, value] of Object.entries(left)) {
    const other = right[column] ?? "";
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
