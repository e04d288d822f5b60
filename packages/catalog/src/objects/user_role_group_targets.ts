import { text } from "../columns.js";
import { defineObject } from "../definition.js";
import { GROUP_TARGETED_ROLES } from "../role-targets.js";

/** The groups that a user's admin role is limited to. Okta lists the whole group; only the pair belongs here. */
export const userRoleGroupTargets = defineObject({
  name: "user_role_group_targets",
  aliases: ["UserRoleGroupTargets", "AdminRoleGroupTargets"],
  preset: "config",
  summary: "Groups that a user's admin role is limited to (none: all groups)",
  list: {
    path: "/api/v1/users/{user_id}/roles/{role_assignment_id}/targets/groups",
    query: { limit: "200" },
    pageSize: 200,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  parent: {
    object: "user_roles",
    // The user first: an assignment's id is the same for many users.
    columns: { user_id: "user_id", role_assignment_id: "id" },
    // Other roles take no groups; the targets of an inherited role are the group's.
    where: {
      type: GROUP_TARGETED_ROLES,
      assignment_type: ["USER"],
    },
  },
  key: ["user_id", "role_assignment_id", "group_id"],
  columns: [text("id", { name: "group_id" })],
  onlyDeclared: true,
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
  references: { user_id: ["users", "role_assignees"], group_id: "groups" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
