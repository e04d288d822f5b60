import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether new administrators get the Admin Console by themselves. */
export const orgAdminAppSettings = defineObject({
  name: "org_admin_app_settings",
  aliases: ["OrgAdminAppSettings"],
  preset: "config",
  summary: "Whether new administrators get the Admin Console by themselves",
  openApi: "AutoAssignAdminAppSetting",
  list: { path: "/api/v1/org/settings/autoAssignAdminAppSetting", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("autoAssignAdminAppSetting")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
