import type { ListDefinition, ObjectDefinition } from "@tidemark/catalog";
import type { ErrorCode } from "@tidemark/kernel";

import type { ModelList } from "./model-org.js";
import type { Surveyed } from "./surveyed.js";

/** Time of the database and of our own work for a row and a pair; see estimate. */
const ROW_MS = 0.05;
const PAIR_MS = 0.02;

/** Its pages, and as much of an item as its own GET's path takes. */
export function pageOf({ pageSize, detail }: ListDefinition): Pick<ModelList, "pageSize" | "item"> {
  const names = [...(detail ?? "").matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, "x"]);
  return { pageSize: pageSize > 0 ? pageSize : Infinity, item: Object.fromEntries(names) };
}

/** What every request for the object is refused with; null when it is not. */
export function refusalOf({ status }: Surveyed): ErrorCode | null {
  if (status === "ok" || status === "unchecked") return null;
  return status === "denied" ? "OKTA_DENIED" : "OKTA_UNAVAILABLE";
}

/** Columns of this table whose values a path under a parent takes. */
export function placesOf({ parent }: ObjectDefinition): string[] {
  return Object.keys({ ...parent?.columns, ...parent?.times?.columns });
}

/** Time that a row takes us (ms), as measured. */
export function rowCost(definition: ObjectDefinition): number {
  return definition.onlyDeclared ? PAIR_MS : ROW_MS;
}
