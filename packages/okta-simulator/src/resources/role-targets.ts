import { instant, type JsonObject } from "../json.js";
import { type Group, groupJson } from "../org/groups.js";
import type { Org } from "../org/org.js";
import type { RoleAssignment } from "../org/role-assignment.js";
import { defineResource, type ResourceContext } from "./definition.js";
import { rolesOfGroup } from "./role-assignments.js";

/** What a role is limited to and is still there: an instance that is gone is no catalogue application of that name. */
export function standingTargets(
  org: Org,
  role: RoleAssignment,
): { readonly groups: readonly Group[]; readonly apps: readonly string[] } {
  return {
    groups: role.groupTargets.map((id) => org.groups.find(id)).filter((group) => group !== undefined),
    apps: role.appTargets.filter((id) => !id.startsWith("0oa") || org.apps.find(id) !== undefined),
  };
}

/** An instance by id, name and status; a whole catalogue application by its name, without an id (recorded traffic). */
export function targetApp(org: Org, id: string, base: string): JsonObject {
  const app = org.apps.find(id);
  const self = (path: string): JsonObject => ({ self: { href: `${base}/api/v1/${path}/${id}` } });
  if (app) return { name: app.name, status: app.status, id, _links: self("apps") };
  return {
    name: id,
    displayName: id,
    description: `${id} in the catalog`,
    status: "ACTIVE",
    lastUpdated: instant(org.newest),
    category: "SOCIAL",
    verificationStatus: "OKTA_VERIFIED",
    website: `https://${id}.example.com`,
    signOnModes: ["BROWSER_PLUGIN"],
    features: [],
    _links: self("catalog/apps"),
  };
}

function targetsOf({ org, resources, ancestors }: ResourceContext): ReturnType<typeof standingTargets> | undefined {
  const roles = rolesOfGroup(org, resources, ancestors["groupId"] ?? "");
  const role = roles.find(({ id }) => id === ancestors["roleId"]);
  return role && standingTargets(org, role);
}

/** Groups that groups' roles are limited to, for those who ask the org itself; over HTTP they are routes of their own. */
export const groupRoleGroupTargets = defineResource({
  name: "group_role_group_targets",
  kind: "UserGroup",
  path: "/api/v1/groups/{groupId}/roles/{roleId}/targets/groups",
  ancestors: { groupId: "groups", roleId: "group_roles" },
  scope: "okta.roles",
  list: null,
  readable: false,
  shown: (item, { org, base }) => {
    const group = org.groups.find(String(item["id"]));
    return group ? groupJson(group, base) : item;
  },
  derived: (context) => targetsOf(context)?.groups.map(({ id }) => ({ id })) ?? [],
});

/** Applications that groups' roles are limited to, likewise. */
export const groupRoleAppTargets = defineResource({
  name: "group_role_app_targets",
  kind: "AppInstance",
  path: "/api/v1/groups/{groupId}/roles/{roleId}/targets/catalog/apps",
  ancestors: { groupId: "groups", roleId: "group_roles" },
  scope: "okta.roles",
  list: null,
  readable: false,
  shown: (item, { org, base }) => targetApp(org, String(item["id"]), base),
  derived: (context) => targetsOf(context)?.apps.map((id) => ({ id })) ?? [],
});
