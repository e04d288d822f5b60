import { type ObjectDefinition, OBJECTS } from "@tidemark/catalog";
import type { Simulator } from "@tidemark/okta-simulator";

import { canCompare, COMPARED_OBJECTS } from "../support/compare.js";
import type { Stage } from "./play-history.js";

/** People, groups and applications. */
export const CORE: Stage = {
  org: { users: 40, groups: 6, apps: 4, customAttributes: 3 },
  compared: () => COMPARED_OBJECTS,
};
/** A tiny org of which everything is replicated. */
export const EVERYTHING: Stage = {
  org: { users: 15, groups: 4, apps: 3, customAttributes: 2 },
  pipeline: "objects: all",
  compared: comparedOfAll,
};

/** What the change feed or a listing in every run keeps current; a reconcile finds the rest as well. */
function comparedOfAll(sim: Simulator, mode: "quiet" | "reconcile", untold: ReadonlySet<string>): string[] {
  const shapes = new Set([...untold].map(shapeOf));
  const isKept = ({ incremental, list }: ObjectDefinition): boolean =>
    incremental.how === "compare" ||
    incremental.how === "filter" ||
    (incremental.how !== "reconcile" && !shapes.has(shapeOf(list.path)));
  return OBJECTS.filter((object) => mode === "reconcile" || isKept(object))
    .map(({ name }) => name)
    .filter((name) => canCompare(sim, name));
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}
