import { instant, linkedId, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The admin roles of groups; every member holds them. The id alone is not unique (see user_roles). */
export const groupRoles = defineObject({
  name: "group_roles",
  aliases: ["GroupRoles", "GroupRoleAssignments"],
  preset: "config",
  summary: "Admin roles of groups, standard and custom",
  openApi: "CustomRole",
  list: { path: "/api/v1/groups/{group_id}/roles", pageSize: 0 },
  get: { path: "/api/v1/groups/{group_id}/roles/{id}" },
  parent: { object: "groups", columns: { group_id: "id" } },
  key: ["group_id", "id"],
  columns: [
    text("id"),
    text("type"),
    text("label"),
    text("status"),
    // USER, GROUP or CLIENT: whose assignment it is.
    text("assignmentType"),
    // The group once more.
    linkedId("_links.assignee.href", "assignee_id"),
    // Custom roles only: which role, over which resource set.
    text("role"),
    text("resource-set"),
    instant("created"),
    instant("lastUpdated"),
  ],
  incremental: { how: "log" },
  events: [
    {
      types: [
        "group.privilege.grant",
        "group.privilege.revoke",
        "iam.resourceset.bindings.add",
        "iam.resourceset.bindings.delete",
      ],
      effect: "scope",
      key: { group_id: "UserGroup" },
    },
    // An assignment shows its custom role's label. The target's type is not documented (Okta's 404 calls a role
    // CustomRole, recorded traffic); asking every group would be too much, so the reconcile finds what this does not.
    {
      types: ["iam.role.update", "iam.role.delete"],
      effect: "reference",
      key: { role: "CustomRole" },
      onlyWithTargets: true,
    },
  ],
  references: { group_id: "groups" },
  // Groups without a role cost no request. The specification spells it in another way than Okta answers.
  countedBy: {
    query: { expand: "stats" },
    path: ["_embedded", "stats", "hasAdminPrivilege"],
    orPath: ["_embedded", "stats", "hasAdminPrivlege"],
  },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
