import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What custom admin roles are given over. */
export const resourceSets = defineObject({
  name: "resource_sets",
  aliases: ["ResourceSets"],
  preset: "config",
  summary: "Resource sets that custom admin roles are limited to",
  openApi: "ResourceSet",
  // The page's size cannot be chosen.
  list: { path: "/api/v1/iam/resource-sets", itemsAt: "resource-sets", pageSize: 0 },
  get: { path: "/api/v1/iam/resource-sets/{id}" },
  key: ["id"],
  columns: [text("id"), text("label"), text("description"), instant("created"), instant("lastUpdated")],
  incremental: { how: "log" },
  events: [
    {
      types: [
        "iam.resourceset.create",
        "iam.resourceset.update",
        "iam.resourceset.delete",
        // They may move lastUpdated.
        "iam.resourceset.resources.add",
        "iam.resourceset.resources.update",
        "iam.resourceset.resources.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
