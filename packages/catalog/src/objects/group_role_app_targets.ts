import { defineObject } from "../definition.js";
import { APP_TARGET_COLUMNS, APP_TARGET_SETS, APP_TARGETED_ROLES } from "../role-targets.js";

/** The applications that a group's admin role is limited to: instances, or all instances of a catalog application. */
export const groupRoleAppTargets = defineObject({
  name: "group_role_app_targets",
  aliases: ["GroupRoleAppTargets", "GroupAdminRoleAppTargets"],
  preset: "config",
  summary: "Applications that a group's admin role is limited to (none: all applications)",
  openApi: "CatalogApplication",
  list: {
    path: "/api/v1/groups/{group_id}/roles/{role_assignment_id}/targets/catalog/apps",
    query: { limit: "200" },
    pageSize: 200,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  parent: {
    object: "group_roles",
    // The group first: an assignment's id is the same for many groups.
    columns: { group_id: "group_id", role_assignment_id: "id" },
    where: { type: APP_TARGETED_ROLES },
  },
  key: ["group_id", "role_assignment_id", "target_id"],
  columns: APP_TARGET_COLUMNS,
  sets: APP_TARGET_SETS,
  // Targets have no event of their own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // A new role may come with targets. That a change of targets alone is a grant as well is not documented.
    {
      types: ["group.privilege.grant", "group.privilege.revoke"],
      effect: "scope",
      key: { group_id: "UserGroup" },
    },
  ],
  references: { group_id: "groups", target_id: "applications" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
