import { oktaError } from "../errors.js";
import type { Org } from "../org/org.js";
import { type Ancestors, idOf, type ResourceDefinition, type Resources } from "./definition.js";

/** Where ancestors are: users, groups and applications in the org itself, all else among its resources. */
interface Place {
  readonly org: Org;
  readonly resources: Resources;
}

/** Every combination of ancestors that is there now. */
export function combinationsOf(definition: ResourceDefinition, place: Place): Generator<Ancestors> {
  return combine(Object.entries(definition.ancestors ?? {}), {}, place);
}

function* combine(rest: readonly (readonly [string, string])[], above: Ancestors, place: Place): Generator<Ancestors> {
  const [first, ...others] = rest;
  if (!first) {
    yield above;
    return;
  }
  const [parameter, name] = first;
  for (const id of idsOf(name, above, place)) yield* combine(others, { ...above, [parameter]: id }, place);
}

function* idsOf(name: string, above: Ancestors, { org, resources }: Place): Generator<string> {
  if (name === "users") {
    for (const u of org.users.indexes(-1)) if (org.users.exists(u)) yield org.users.id(u);
  } else if (name === "groups") for (const group of org.groups.all()) yield group.id;
  else if (name === "applications") for (const app of org.apps.all()) yield app.id;
  else {
    const definition = resources.named(name);
    for (const item of resources.list(definition, ownOf(definition, above))) yield idOf(definition, item);
  }
}

/** The ancestors by their ids, however the path named them; throws 404 unless every one is there. */
export function canonicalOf(definition: ResourceDefinition, ancestors: Ancestors, place: Place): Ancestors {
  const canonical: Record<string, string> = {};
  for (const [parameter, name] of Object.entries(definition.ancestors ?? {})) {
    canonical[parameter] = canonicalId(name, { above: canonical, id: ancestors[parameter] ?? "" }, place);
  }
  return canonical;
}

function canonicalId(
  name: string,
  { above, id }: { readonly above: Ancestors; readonly id: string },
  { org, resources }: Place,
): string {
  const missing = (kind: string): never => {
    throw oktaError("E0000007", { arg: `Resource not found: ${id} (${kind})` });
  };
  if (name === "users") {
    const user = org.users.find(id);
    return org.users.exists(user) ? org.users.id(user) : missing("User");
  }
  if (name === "groups") return org.groups.find(id)?.id ?? missing("UserGroup");
  if (name === "applications") return org.apps.find(id)?.id ?? missing("AppInstance");
  const definition = resources.named(name);
  return idOf(definition, resources.get(definition, ownOf(definition, above), id));
}

/** Of the ancestors so far, those that an ancestor itself is under. */
function ownOf(definition: ResourceDefinition, above: Ancestors): Ancestors {
  return Object.fromEntries(
    Object.keys(definition.ancestors ?? {}).map((parameter) => [parameter, above[parameter] ?? ""]),
  );
}
