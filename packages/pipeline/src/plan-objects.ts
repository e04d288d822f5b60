import { neededBy, objectNamed, resolveObjects } from "@tidemark/catalog";
import { didYouMean, type ObjectSelection } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";

import type { ObjectPlan, Run } from "./run.js";

/**
 * The objects of a run, parents first. A child's parent is replicated as well even when nobody named it: without its
 * rows there is nothing to list the child under.
 */
export function planObjects(run: Pick<Run, "pipeline" | "objects" | "ids" | "warnings">): ObjectPlan[] {
  const { pipeline, objects } = run;
  const selections = new Map(pipeline.objects.map((selection) => [selection.object, selection]));
  for (const name of objects ?? []) {
    if (!selections.has(name)) throw notReplicated(name, pipeline);
  }
  const wanted = objects ?? [...selections.keys()];
  // With --ids nothing but these rows is read, not even their parents.
  const definitions =
    run.ids === null ? resolveObjects(wanted).objects : wanted.flatMap((name) => objectNamed(name) ?? []);
  const names = new Set(definitions.map((definition) => definition.name));
  const added = definitions
    .filter((definition) => !selections.has(definition.name))
    .map((definition) => definition.name);
  if (added.length > 0) run.warnings.push(`Also replicated, because others need their rows: ${added.join(", ")}`);
  return definitions.map((definition) => ({
    definition,
    selection: selections.get(definition.name) ?? unselected(definition.name),
    dependsOn: neededBy(definition).flatMap(({ name }) => (names.has(name) ? name : [])),
    before: [],
  }));
}

/** So many names are read by somebody; more are a wall. */
const SHORT_LIST = 20;

function notReplicated(name: string, pipeline: Run["pipeline"]): TerminalError {
  const { where } = pipeline;
  const own = pipeline.objects.map(({ object }) => object);
  if (objectNamed(name) === undefined) {
    return new TerminalError("USAGE", `There is no object "${name}".${didYouMean(name, own)}`, {
      where: "--objects",
      remedy: "`tidemark objects` lists all there are.",
    });
  }
  return new TerminalError("USAGE", `Pipeline ${pipeline.name} does not replicate ${name}`, {
    where,
    remedy: `Add it under objects:, or choose from ${own.length > SHORT_LIST ? "what tidemark status shows" : own.join(", ")}`,
  });
}

export function unselected(object: string): ObjectSelection {
  return { object, named: false, filter: {}, columns: { exclude: [], rename: {} }, sinceMs: null, retainMs: null };
}
