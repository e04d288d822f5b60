import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { RoleAssignment } from "../org/role-assignment.js";
import { customRoles } from "./custom-roles.js";
import type { Ancestors, Resources, WritableResources } from "./definition.js";
import { memberIdOf, resourceSetBindingMembers, resourceSetBindings, resourceSets } from "./resource-sets.js";

/** A custom role over a resource set, and one who holds it. */
interface Binding {
  readonly ancestors: Ancestors;
  readonly member: JsonObject;
}

function* bindings(resources: Resources): Generator<Binding> {
  for (const set of resources.list(resourceSets, {})) {
    const above = { resourceSetId: String(set["id"]) };
    for (const binding of resources.list(resourceSetBindings, above)) {
      const ancestors = { ...above, roleIdOrLabel: String(binding["id"]) };
      for (const member of resources.list(resourceSetBindingMembers, ancestors)) yield { ancestors, member };
    }
  }
}

/** Ids of everybody who holds a custom role. */
export function customHolders(resources: Resources): Set<string> {
  return new Set([...bindings(resources)].map(({ member }) => memberIdOf(member)));
}

/** The custom roles that a user, group or client holds, as role assignments. */
export function customAssignments(resources: Resources, holder: string): RoleAssignment[] {
  return [...bindings(resources)]
    .filter(({ member }) => memberIdOf(member) === holder)
    .map(({ ancestors, member }) => {
      const role = ancestors["roleIdOrLabel"] ?? "";
      return {
        id: String(member["id"]),
        type: "CUSTOM",
        assignmentType: holder.startsWith("00g") ? "GROUP" : holder.startsWith("0oa") ? "CLIENT" : "USER",
        created: Date.parse(String(member["created"])),
        groupTargets: [],
        appTargets: [],
        custom: {
          label: String(resources.find(customRoles, {}, role)?.["label"]),
          role,
          resourceSet: ancestors["resourceSetId"] ?? "",
        },
      };
    });
}

/** Gives a custom role over a resource set: `{type: "CUSTOM", role, "resource-set"}` (OpenAPI spec). */
export function assignCustom(
  store: WritableResources,
  { holder, base }: { holder: string; base: string },
  body: JsonObject,
): RoleAssignment {
  const resourceSetId = String(body["resource-set"]);
  const set = store.get(resourceSets, {}, resourceSetId);
  const role = store.get(customRoles, {}, String(body["role"]));
  const above = { resourceSetId: String(set["id"]) };
  const ancestors = { ...above, roleIdOrLabel: String(role["id"]) };
  if (customAssignments(store, holder).some((one) => one.custom?.role === role["id"])) throw oktaError("E0000090");
  const kind = holder.startsWith("00g") ? "groups" : holder.startsWith("0oa") ? "apps" : "users";
  const member = `/api/v1/${kind}/${holder}`;
  if (store.find(resourceSetBindings, above, String(role["id"])))
    store.create({
      definition: resourceSetBindingMembers,
      ancestors,
      base,
      body: { member },
      write: resourceSetBindingMembers.append,
    });
  else
    store.create({
      definition: resourceSetBindings,
      ancestors: above,
      base,
      body: { role: role["id"], members: [member] },
    });
  const made = customAssignments(store, holder).find((one) => one.custom?.role === role["id"]);
  if (!made) throw oktaError("E0000007", { arg: holder });
  return made;
}

/** Takes a custom role away by the id of its assignment; false when there is none. */
export function unassignCustom(
  store: WritableResources,
  holder: string,
  { id, base }: { id: string; base: string },
): boolean {
  const found = [...bindings(store)].find(({ member }) => member["id"] === id && memberIdOf(member) === holder);
  if (!found) return false;
  store.remove({ definition: resourceSetBindingMembers, ancestors: found.ancestors, base, body: {}, id });
  return true;
}
