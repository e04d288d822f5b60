import { text } from "../columns.js";
import { defineObject } from "../definition.js";
import { GROUP_TARGETED_ROLES } from "../role-targets.js";

/** The groups that a group's admin role is limited to. Okta lists the whole group; only the pair belongs here. */
export const groupRoleGroupTargets = defineObject({
  name: "group_role_group_targets",
  aliases: ["GroupRoleGroupTargets", "GroupAdminRoleGroupTargets"],
  preset: "config",
  summary: "Groups that a group's admin role is limited to (none: all groups)",
  list: {
    path: "/api/v1/groups/{group_id}/roles/{role_assignment_id}/targets/groups",
    query: { limit: "200" },
    pageSize: 200,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  parent: {
    object: "group_roles",
    // The group first: an assignment's id is the same for many groups.
    columns: { group_id: "group_id", role_assignment_id: "id" },
    where: { type: GROUP_TARGETED_ROLES },
  },
  key: ["group_id", "role_assignment_id", "target_group_id"],
  columns: [text("id", { name: "target_group_id" })],
  onlyDeclared: true,
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
  references: { group_id: "groups", target_group_id: "groups" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
