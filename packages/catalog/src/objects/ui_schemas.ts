import { instant, json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which inputs an enrolment form shows, and how. */
export const uiSchemas = defineObject({
  name: "ui_schemas",
  aliases: ["UISchemas"],
  preset: "config",
  summary: "Which inputs an enrolment form shows, and how",
  openApi: "UISchemasResponseObject",
  list: { path: "/api/v1/meta/uischemas", pageSize: 0 },
  get: { path: "/api/v1/meta/uischemas/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("uiSchema.type"),
    text("uiSchema.label"),
    text("uiSchema.buttonLabel"),
    // Their order is that of the form.
    json("uiSchema.elements"),
    instant("created"),
    instant("lastUpdated"),
  ],
  // The event catalogue has no event for UI schemas.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.uischemas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
