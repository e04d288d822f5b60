import { boolean, instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Admin roles that the org has made itself. */
export const customRoles = defineObject({
  name: "custom_roles",
  aliases: ["CustomRoles", "IamRoles"],
  preset: "config",
  summary: "Custom admin roles",
  openApi: "IamRole",
  // The page's size cannot be chosen.
  list: { path: "/api/v1/iam/roles", itemsAt: "roles", pageSize: 0 },
  get: { path: "/api/v1/iam/roles/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("label"),
    text("description"),
    // Not in the specification (recorded traffic).
    boolean("isCloneable"),
    json("permissions"),
    instant("created"),
    instant("lastUpdated"),
  ],
  sets: paths("permissions"),
  incremental: { how: "log" },
  events: [
    {
      types: [
        "iam.role.create",
        "iam.role.update",
        "iam.role.delete",
        // They may move lastUpdated.
        "iam.role.permissions.add",
        "iam.role.permissions.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
