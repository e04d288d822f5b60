import type { ObjectDefinition } from "@tidemark/catalog";

/**
 * What is needed of an item of which nothing else is stored: a list of members holds the whole user for each, a
 * thousand on a page, and pages of many parents wait side by side. Undefined where everything is kept.
 */
export function declaredPart(definition: ObjectDefinition): ((item: unknown) => unknown) | undefined {
  if (definition.onlyDeclared !== true) return undefined;
  const paths = [
    ...definition.columns.flatMap(({ path, orLink }) => (orLink ? [path, orLink] : [path])),
    ...(definition.children ?? []).map(({ path }) => path),
    ...Object.values(definition.rowFilters ?? {}),
  ];
  return (item) => {
    // What is no object is rejected later, with its place.
    if (!isObject(item)) return item;
    const part = {};
    for (const path of paths) copyAt(path, item, part);
    return part;
  };
}

function copyAt(path: readonly string[], from: Readonly<Record<string, unknown>>, to: Record<string, unknown>): void {
  const [step, ...rest] = path;
  if (step === undefined || !Object.hasOwn(from, step)) return;
  const value = from[step];
  if (rest.length === 0 || !isObject(value)) to[step] = value;
  else {
    const below = (to[step] ??= {});
    if (isObject(below)) copyAt(rest, value, below);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
