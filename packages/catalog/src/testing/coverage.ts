import type { ColumnDefinition, ObjectDefinition } from "../definition.js";

/** Where a leaf of an item ends up by the declaration. */
export type Coverage =
  | { readonly in: "column"; readonly column: ColumnDefinition }
  | { readonly in: "json" | "child"; readonly column: ColumnDefinition }
  | { readonly in: "secret" | "link" | "left out" | "collection" };

/** Says where the leaf at `path` goes; null: nowhere that is declared. */
export function coverageOf(definition: ObjectDefinition, path: readonly string[]): Coverage | null {
  if ((definition.secrets ?? []).some((secret) => isAtOrBelow(path, secret))) return { in: "secret" };
  const column = definition.columns.find((one) => isSame(one.path, path));
  if (column) return { in: "column", column };
  const json = definition.columns.find((one) => one.type === "json" && isAtOrBelow(path, one.path));
  if (json) return { in: "json", column: json };
  for (const child of definition.children ?? []) {
    if (isSame(child.path, path)) return { in: "collection" };
    if (!isAtOrBelow(path, child.path)) continue;
    const inside = path.slice(child.path.length + (child.keyedBy === undefined ? 0 : 1));
    const found = child.columns.find(
      (one) => isSame(one.path, inside) || (one.type === "json" && isAtOrBelow(inside, one.path)),
    );
    if (found) return { in: "child", column: found };
  }
  if ((definition.leftOut ?? []).some((left) => isAtOrBelow(path, left))) return { in: "left out" };
  return path.some((step) => step === "_links" || step === "_embedded") ? { in: "link" } : null;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && isAtOrBelow(left, right);
}

function isAtOrBelow(path: readonly string[], above: readonly string[]): boolean {
  return path.length >= above.length && above.every((step, index) => step === "*" || step === path[index]);
}
