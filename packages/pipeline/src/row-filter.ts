import { type ObjectDefinition, valueAt } from "@tidemark/catalog";

/**
 * A pipeline's row filter, e.g. `users: { filter: { status: [ACTIVE] } }`. A full pass pushes it to Okta; every row of
 * an incremental pass is tested here, so that one which stops matching leaves the table (decision 4).
 */
export class RowFilter {
  readonly #conditions: readonly { readonly path: readonly string[]; readonly values: ReadonlySet<string> }[];
  /** The filter as text, to notice when it changes. */
  readonly text: string;

  constructor(definition: ObjectDefinition, filter: Readonly<Record<string, readonly string[]>>) {
    this.#conditions = Object.entries(filter).map(([name, values]) => ({
      path: definition.rowFilters?.[name] ?? [name],
      values: new Set(values),
    }));
    this.text = JSON.stringify(
      Object.entries(filter)
        .map(([name, values]) => [name, [...values].sort()])
        .sort(),
    );
  }

  /** True when the item belongs to the selection. */
  matches(item: unknown): boolean {
    return this.#conditions.every(({ path, values }) => {
      const value = valueAt(item, path);
      return typeof value === "string" && values.has(value);
    });
  }

  /** The filter for the server, in place of the one that asks for every row. */
  query(definition: ObjectDefinition): Record<string, string> {
    if (definition.incremental.how !== "filter") return {};
    const clauses = this.#conditions.map(({ path, values }) => {
      const any = [...values].map((value) => `${path.join(".")} eq "${value.replaceAll('"', '\\"')}"`).join(" or ");
      return this.#conditions.length > 1 ? `(${any})` : any;
    });
    return { filter: clauses.join(" and ") };
  }
}

/** What makes an item a row of this table; null: nothing does, every one is. */
export function keeper({ only }: ObjectDefinition, filter: RowFilter | null): ((item: unknown) => boolean) | null {
  if (only === undefined) return filter === null ? null : (item) => filter.matches(item);
  const isOfKind = (item: unknown): boolean => valueAt(item, only.path) === only.value;
  return filter === null ? isOfKind : (item) => isOfKind(item) && filter.matches(item);
}
