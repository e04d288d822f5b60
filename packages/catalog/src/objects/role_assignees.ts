import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Users who hold an admin role, their own or a group's. Their roles are listed for them alone. */
export const roleAssignees = defineObject({
  name: "role_assignees",
  aliases: ["RoleAssignees", "RoleAssignedUsers"],
  preset: "config",
  summary: "Users with any admin role; user_roles are read for these alone",
  openApi: "RoleAssignedUser",
  list: { path: "/api/v1/iam/assignees/users", query: { limit: "100" }, itemsAt: "value", pageSize: 100 },
  key: ["id"],
  columns: [text("id"), text("orn")],
  incremental: { how: "log" },
  events: [
    // Who comes into a group with a role holds it too; an event of the user's own is not promised for that.
    {
      types: [
        "user.account.privilege.grant",
        "user.account.privilege.revoke",
        "group.privilege.grant",
        "group.privilege.revoke",
        "iam.resourceset.bindings.add",
        "iam.resourceset.bindings.delete",
        "group.user_membership.add",
        "group.user_membership.remove",
        "user.lifecycle.deactivate",
      ],
      effect: "whole",
      key: {},
    },
  ],
  references: { id: "users" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
