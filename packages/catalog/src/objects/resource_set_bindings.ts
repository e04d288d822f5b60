import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which custom roles are given over a resource set; to whom: resource_set_binding_members. */
export const resourceSetBindings = defineObject({
  name: "resource_set_bindings",
  aliases: ["ResourceSetBindings"],
  preset: "config",
  summary: "Custom admin roles that are given over a resource set",
  // Pages of 100; the size cannot be chosen.
  list: { path: "/api/v1/iam/resource-sets/{resource_set_id}/bindings", itemsAt: "roles", pageSize: 0 },
  get: { path: "/api/v1/iam/resource-sets/{resource_set_id}/bindings/{role_id}" },
  parent: { object: "resource_sets", columns: { resource_set_id: "id" } },
  key: ["resource_set_id", "role_id"],
  indexes: [["role_id"]],
  // The list names roles; other answers of the endpoint show them by their link alone (recorded traffic).
  columns: [text("id", { name: "role_id", orLink: ["_links", "self", "href"] })],
  incremental: { how: "log" },
  events: [
    // The target's type is not documented; Okta's 404 calls a set IAMPolicy (recorded traffic).
    {
      types: ["iam.resourceset.create", "iam.resourceset.bindings.add", "iam.resourceset.bindings.delete"],
      effect: "scope",
      key: { resource_set_id: "IAMPolicy" },
    },
    // A binding ends with its role; an event for it is not promised.
    { types: ["iam.role.delete"], effect: "whole", key: {} },
  ],
  references: { resource_set_id: "resource_sets", role_id: "custom_roles" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
