import type { JsonObject } from "../json.js";
import { RESOURCES } from "./all.js";
import type { ResourceDefinition } from "./definition.js";
import { shown } from "./items.js";
import type { ResourceStore } from "./store.js";

/** Items under one set of ancestors. */
export interface ResourceTruth {
  /** Their ids, in the path's order. */
  readonly ancestors: readonly string[];
  readonly items: readonly JsonObject[];
}

/** Every item of a declared resource, with the ids of what it is under (`authServerId`). */
export function* truthOf(store: ResourceStore, name: string, base: string): Generator<JsonObject> {
  const definition = store.named(name);
  for (const ancestors of store.ancestorsOf(definition)) {
    const context = store.context({ ancestors, base });
    for (const item of store.list(definition, ancestors)) yield { ...ancestors, ...shown(definition, item, context) };
  }
}

/**
 * Every item of the resources at a path of that shape (`/api/v1/zones`, parameters by any name), as of now: as the list
 * answers `query`, or without one as the single object.
 */
export function* truthAt(
  store: ResourceStore,
  { path, query }: { readonly path: string; readonly query: URLSearchParams | null },
  base: string,
): Generator<ResourceTruth> {
  const shape = shapeOf(path);
  for (const definition of RESOURCES.filter((one) => shapeOf(one.path) === shape)) {
    for (const ancestors of store.ancestorsOf(definition)) {
      const context = store.context({ ancestors, base });
      const { row } = definition.list ?? {};
      const items = store
        .list(definition, ancestors)
        .filter((item) => query === null || isListed(definition, item, query))
        .map((item) => shown(definition, item, context))
        .map((item) => (row && query ? row(item, query, context) : item));
      yield { ancestors: Object.values(ancestors), items };
    }
  }
}

/** Whether the list shows the item; of a query that it refuses (it demands a filter), every one. */
function isListed({ list }: ResourceDefinition, item: JsonObject, query: URLSearchParams): boolean {
  try {
    return list?.matches?.(item, query) ?? true;
  } catch {
    return true;
  }
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}
