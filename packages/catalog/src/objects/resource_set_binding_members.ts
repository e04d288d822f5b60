import { instant, linkedId, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Users, groups and clients that hold a custom role over a resource set. */
export const resourceSetBindingMembers = defineObject({
  name: "resource_set_binding_members",
  aliases: ["ResourceSetBindingMembers"],
  preset: "config",
  summary: "Who holds a custom admin role over a resource set",
  openApi: "ResourceSetBindingMember",
  // Pages of 100; the size cannot be chosen.
  list: {
    path: "/api/v1/iam/resource-sets/{resource_set_id}/bindings/{role_id}/members",
    itemsAt: "members",
    pageSize: 0,
  },
  get: { path: "/api/v1/iam/resource-sets/{resource_set_id}/bindings/{role_id}/members/{id}" },
  parent: {
    object: "resource_set_bindings",
    columns: { role_id: "role_id", resource_set_id: "resource_set_id" },
  },
  key: ["resource_set_id", "role_id", "id"],
  indexes: [["member_id"]],
  columns: [
    text("id"),
    // The user, group or client; only the link tells.
    linkedId("_links.self.href", "member_id"),
    instant("created"),
    instant("lastUpdated"),
  ],
  incremental: { how: "log" },
  events: [
    // Which binding it is about takes a set and a role, whose targets are not documented. Bindings are few.
    {
      types: ["iam.resourceset.bindings.add", "iam.resourceset.bindings.delete", "iam.role.delete"],
      effect: "whole",
      key: {},
    },
  ],
  references: {
    resource_set_id: "resource_sets",
    role_id: "custom_roles",
    member_id: ["users", "groups", "applications"],
  },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
