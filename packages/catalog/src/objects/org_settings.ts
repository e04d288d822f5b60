import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The org itself: its name, address and contacts' pages. */
export const orgSettings = defineObject({
  name: "org_settings",
  aliases: ["OrgSettings"],
  preset: "config",
  summary: "The org itself: company, subdomain, addresses",
  openApi: "OrgSetting",
  list: { path: "/api/v1/org", single: true, pageSize: 0 },
  key: ["id"],
  columns: [
    text("id"),
    text("subdomain"),
    text("companyName"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    instant("expiresAt"),
    text("website"),
    text("phoneNumber"),
    text("supportPhoneNumber"),
    text("endUserSupportHelpURL"),
    text("address1"),
    text("address2"),
    text("city"),
    text("state"),
    text("postalCode"),
    text("country"),
  ],
  // The event catalogue has no event for an administrator's change, only for Okta's own support.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
