import { defineObject } from "../definition.js";
import { attributeTable, SCHEMA_COLUMNS, SCHEMA_SETS } from "../schemas.js";

/** The profile schema of each application's users. */
export const applicationUserSchemas = defineObject({
  name: "application_user_schemas",
  aliases: ["AppUserSchemas", "ApplicationUserSchemas"],
  preset: "core",
  summary: "Profile schema of each application's users, with a row for each attribute",
  openApi: "UserSchema",
  list: { path: "/api/v1/meta/schemas/apps/{application_id}/default", single: true, pageSize: 0 },
  get: { path: "/api/v1/meta/schemas/apps/{application_id}/default" },
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id"],
  columns: SCHEMA_COLUMNS,
  sets: SCHEMA_SETS,
  children: attributeTable("application_user_schema_attributes", { application_id: "application_id" }),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the application among them, all schemas are read again.
    {
      types: ["directory.app_user_profile.update", "directory.app_user_profile.bootstrap"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
    // The schema's title holds the application's label (recorded traffic).
    {
      types: ["application.lifecycle.create", "application.lifecycle.update"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  scopes: ["okta.schemas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
