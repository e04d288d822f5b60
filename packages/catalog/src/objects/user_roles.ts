import { instant, linkedId, text } from "../columns.js";
import { defineObject } from "../definition.js";

/**
 * The admin roles of users, with those that they have from groups. The id of a standard role's assignment says the type
 * and is the same for every holder (recorded traffic), so the user is part of the key.
 */
export const userRoles = defineObject({
  name: "user_roles",
  aliases: ["UserRoles", "AdminRoles", "UserRoleAssignments"],
  preset: "config",
  summary: "Admin roles of users, standard and custom, their own and inherited from groups",
  openApi: "CustomRole",
  list: { path: "/api/v1/users/{user_id}/roles", pageSize: 0 },
  get: { path: "/api/v1/users/{user_id}/roles/{id}" },
  // Whose role comes from a group is an assignee without an event of its own.
  parent: { object: "role_assignees", columns: { user_id: "id" }, neverEmpty: true },
  key: ["user_id", "id"],
  columns: [
    text("id"),
    text("type"),
    text("label"),
    text("status"),
    // USER, GROUP or CLIENT: whose assignment it is.
    text("assignmentType"),
    // The user, or the group that the role comes from; only the link tells.
    linkedId("_links.assignee.href", "assignee_id"),
    // Custom roles only: which role, over which resource set.
    text("role"),
    text("resource-set"),
    instant("created"),
    instant("lastUpdated"),
  ],
  incremental: { how: "log" },
  events: [
    // The target is the user, never the role (Okta docs). What a binding's event names is not documented. Nor is it that
    // an administrator who joins another group with a role has an event of the kind: the reconcile finds that.
    {
      types: [
        "user.account.privilege.grant",
        "user.account.privilege.revoke",
        "iam.resourceset.bindings.add",
        "iam.resourceset.bindings.delete",
      ],
      effect: "scope",
      key: { user_id: "User" },
    },
    // Every member of the group gets or loses the role; an event for each is not promised.
    { types: ["group.privilege.grant", "group.privilege.revoke"], effect: "whole", key: {} },
    // An assignment shows its custom role's label.
    { types: ["iam.role.update", "iam.role.delete"], effect: "whole", key: {} },
  ],
  references: { user_id: ["users", "role_assignees"] },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
