import { neededBy, resolveObjects } from "@tidemark/catalog";
import type { Config, Pipeline } from "@tidemark/config";

import { planObjects, unselected } from "../plan-objects.js";
import type { ObjectPlan } from "../run.js";

/** Pipelines (null: none) that select the same rows, so that one survey does for all. */
export type PlanGroup = readonly { readonly pipeline: Pipeline | null; readonly plans: readonly ObjectPlan[] }[];

/** The pipelines that read from the connection; the core preset when none does. */
export function planGroups(connection: string, config: Config): PlanGroup[] {
  const pipelines = [...config.pipelines.values()].filter(({ source }) => source === connection);
  if (pipelines.length === 0) return [[{ pipeline: null, plans: corePlans() }]];
  const groups = new Map<string, PlanGroup>();
  for (const pipeline of pipelines) {
    const plans = planObjects({ pipeline, objects: null, ids: null, warnings: [] });
    const filters = JSON.stringify(
      plans
        .map(({ definition, selection }) => [definition.name, selection.filter])
        .filter(([, filter]) => Object.keys(filter ?? {}).length > 0),
    );
    groups.set(filters, [...(groups.get(filters) ?? []), { pipeline, plans }]);
  }
  return [...groups.values()];
}

function corePlans(): ObjectPlan[] {
  const { objects } = resolveObjects("core");
  const names = new Set(objects.map(({ name }) => name));
  return objects.map((definition) => ({
    definition,
    selection: unselected(definition.name),
    dependsOn: neededBy(definition).flatMap(({ name }) => (names.has(name) ? name : [])),
    before: [],
  }));
}
