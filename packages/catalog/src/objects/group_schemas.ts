import { defineObject } from "../definition.js";
import { attributeTable, SCHEMA_COLUMNS, SCHEMA_SETS } from "../schemas.js";

/** The one profile schema of groups. */
export const groupSchemas = defineObject({
  name: "group_schemas",
  aliases: ["GroupSchemas"],
  preset: "core",
  summary: "Profile schema of groups, with a row for each attribute",
  openApi: "GroupSchema",
  list: { path: "/api/v1/meta/schemas/group/default", single: true, pageSize: 0 },
  key: ["id"],
  columns: SCHEMA_COLUMNS,
  describesProfileOf: "group",
  sets: SCHEMA_SETS,
  children: attributeTable("group_schema_attributes", { schema_id: "id" }),
  // The event catalogue has no event for group schemas.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.schemas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
