import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether Okta's support may enter the org, and until when. */
export const orgSupportSettings = defineObject({
  name: "org_support_settings",
  aliases: ["OrgSupportSettings"],
  preset: "config",
  summary: "Whether Okta's support may enter the org, and until when",
  openApi: "OrgOktaSupportSettingsObj",
  list: { path: "/api/v1/org/privacy/oktaSupport", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [text("support"), instant("expiration"), text("caseNumber")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
