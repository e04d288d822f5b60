import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What is in a resource set. */
export const resourceSetResources = defineObject({
  name: "resource_set_resources",
  aliases: ["ResourceSetResources"],
  preset: "config",
  summary: "Resources of a resource set, by their Okta resource name",
  openApi: "ResourceSetResource",
  list: {
    path: "/api/v1/iam/resource-sets/{resource_set_id}/resources",
    query: { limit: "100" },
    itemsAt: "resources",
    pageSize: 100,
  },
  get: { path: "/api/v1/iam/resource-sets/{resource_set_id}/resources/{id}" },
  parent: { object: "resource_sets", columns: { resource_set_id: "id" } },
  key: ["resource_set_id", "id"],
  columns: [text("id"), text("orn"), json("conditions"), instant("created"), instant("lastUpdated")],
  sets: paths("conditions.Exclude.okta:ORN"),
  incremental: { how: "log" },
  events: [
    // The target's type is not documented; Okta's 404 calls a set IAMPolicy (recorded traffic).
    {
      types: [
        "iam.resourceset.create",
        "iam.resourceset.resources.add",
        "iam.resourceset.resources.update",
        "iam.resourceset.resources.delete",
      ],
      effect: "scope",
      key: { resource_set_id: "IAMPolicy" },
    },
  ],
  references: { resource_set_id: "resource_sets" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
