import { defineObject } from "../definition.js";
import { attributeTable, SCHEMA_COLUMNS, SCHEMA_SETS } from "../schemas.js";

/** The profile schema of each user type: where the columns of users come from. */
export const userSchemas = defineObject({
  name: "user_schemas",
  aliases: ["UserSchemas", "Schemas"],
  preset: "core",
  summary: "Profile schema of each user type, with a row for each attribute",
  openApi: "UserSchema",
  list: { path: "/api/v1/meta/schemas/user/{schema_id}", single: true, pageSize: 0 },
  parent: { object: "user_types", columns: { schema_id: "schema_id" } },
  // The document's own id is a URL that holds the org's host.
  key: ["schema_id"],
  columns: SCHEMA_COLUMNS,
  describesProfileOf: "user",
  sets: SCHEMA_SETS,
  children: attributeTable("user_schema_attributes", { schema_id: "schema_id" }),
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.schemas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
