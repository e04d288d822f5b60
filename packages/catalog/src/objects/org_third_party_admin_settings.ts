import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether the org has administrators of third parties. */
export const orgThirdPartyAdminSettings = defineObject({
  name: "org_third_party_admin_settings",
  aliases: ["OrgThirdPartyAdminSettings"],
  preset: "config",
  summary: "Whether the org has administrators of third parties",
  openApi: "ThirdPartyAdminSetting",
  list: { path: "/api/v1/org/orgSettings/thirdPartyAdminSetting", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("thirdPartyAdmin")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
