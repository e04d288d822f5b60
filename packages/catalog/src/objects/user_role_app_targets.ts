import { defineObject } from "../definition.js";
import { APP_TARGET_COLUMNS, APP_TARGET_SETS, APP_TARGETED_ROLES } from "../role-targets.js";

/** The applications that a user's admin role is limited to: instances, or all instances of a catalog application. */
export const userRoleAppTargets = defineObject({
  name: "user_role_app_targets",
  aliases: ["UserRoleAppTargets", "AdminRoleAppTargets"],
  preset: "config",
  summary: "Applications that a user's admin role is limited to (none: all applications)",
  openApi: "CatalogApplication",
  list: {
    path: "/api/v1/users/{user_id}/roles/{role_assignment_id}/targets/catalog/apps",
    query: { limit: "200" },
    pageSize: 200,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  parent: {
    object: "user_roles",
    // The user first: an assignment's id is the same for many users.
    columns: { user_id: "user_id", role_assignment_id: "id" },
    where: { type: APP_TARGETED_ROLES, assignment_type: ["USER"] },
  },
  key: ["user_id", "role_assignment_id", "target_id"],
  columns: APP_TARGET_COLUMNS,
  sets: APP_TARGET_SETS,
  // Targets have no event of their own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // A new role may come with targets. That a change of targets alone is a grant as well is not documented.
    {
      types: ["user.account.privilege.grant", "user.account.privilege.revoke"],
      effect: "scope",
      key: { user_id: "User" },
    },
  ],
  references: { user_id: ["users", "role_assignees"], target_id: "applications" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
