import { boolean, instant, linkedId, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Kinds of users, each with its own profile schema; ten at most (Okta docs). */
export const userTypes = defineObject({
  name: "user_types",
  aliases: ["UserTypes"],
  preset: "core",
  summary: "Kinds of users and the schema of each",
  openApi: "UserType",
  list: { path: "/api/v1/meta/types/user", pageSize: 0 },
  get: { path: "/api/v1/meta/types/user/{id}" },
  key: ["id"],
  indexes: [["schema_id"]],
  columns: [
    text("id"),
    text("name"),
    text("displayName"),
    text("description"),
    boolean("default"),
    instant("created"),
    text("createdBy"),
    instant("lastUpdated"),
    text("lastUpdatedBy"),
    linkedId("_links.schema.href", "schema_id"),
  ],
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.userTypes.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
