import { type ObjectDefinition, OBJECTS } from "@tidemark/catalog";
import type { Simulator } from "@tidemark/okta-simulator";

import { canCompare, COMPARED_OBJECTS } from "../support/compare.js";
import { SELECTED } from "../support/selected-objects.js";
import type { Stage } from "./play-history.js";

/** People, groups and applications. */
export const CORE: Stage = {
  org: { users: 40, groups: 6, apps: 4, customAttributes: 3 },
  compared: () => COMPARED_OBJECTS,
};
const TINY = { users: 15, groups: 4, apps: 3, customAttributes: 2 };

/** A tiny org of which everything is replicated. */
export const EVERYTHING: Stage = { org: TINY, pipeline: "objects: all", compared: comparedOfAll };

/** A tiny org and the objects of every mechanism. */
export const SELECTION: Stage = {
  org: TINY,
  pipeline: `objects: [${SELECTED.join(", ")}]`,
  compared: comparedOfSelection,
};

function comparedOfSelection(...given: Parameters<Stage["compared"]>): string[] {
  const selected = new Set(SELECTED);
  return comparedOfAll(...given).filter((name) => selected.has(name));
}

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
