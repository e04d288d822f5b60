import { instant, json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What a custom admin role permits. */
export const customRolePermissions = defineObject({
  name: "custom_role_permissions",
  aliases: ["CustomRolePermissions", "RolePermissions"],
  preset: "config",
  summary: "Permissions of custom admin roles, with their conditions",
  openApi: "Permission",
  list: { path: "/api/v1/iam/roles/{role_id}/permissions", itemsAt: "permissions", pageSize: 0 },
  get: { path: "/api/v1/iam/roles/{role_id}/permissions/{label}" },
  parent: { object: "custom_roles", columns: { role_id: "id" } },
  key: ["role_id", "label"],
  columns: [text("label"), json("conditions"), instant("created"), instant("lastUpdated")],
  incremental: { how: "log" },
  events: [
    // The target's type is not documented; Okta's 404 calls a role CustomRole (recorded traffic).
    {
      types: [
        "iam.role.create",
        "iam.role.permissions.add",
        "iam.role.permissions.delete",
        "iam.role.permission.conditions.add",
        "iam.role.permission.conditions.delete",
      ],
      effect: "scope",
      key: { role_id: "CustomRole" },
    },
  ],
  references: { role_id: "custom_roles" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
