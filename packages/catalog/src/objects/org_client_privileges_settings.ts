import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether new service applications are given the super admin role. */
export const orgClientPrivilegesSettings = defineObject({
  name: "org_client_privileges_settings",
  aliases: ["OrgClientPrivilegesSettings"],
  preset: "config",
  summary: "Whether new service applications are given the super admin role",
  openApi: "ClientPrivilegesSetting",
  list: { path: "/api/v1/org/settings/clientPrivilegesSetting", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("clientPrivilegesSetting")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
