import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether the end users' pages show Okta's footer. */
export const orgPreferences = defineObject({
  name: "org_preferences",
  aliases: ["OrgPreferences"],
  preset: "config",
  summary: "Whether the end users' pages show Okta's footer",
  openApi: "OrgPreferences",
  list: { path: "/api/v1/org/preferences", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("showEndUserFooter")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
