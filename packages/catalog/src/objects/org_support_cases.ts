import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Cases that the org has open with Okta's support, and whether support may enter the org for each. */
export const orgSupportCases = defineObject({
  name: "org_support_cases",
  aliases: ["OrgSupportCases"],
  preset: "config",
  summary: "Cases with Okta's support and what support may see for each",
  openApi: "OktaSupportCase",
  list: { path: "/api/v1/org/privacy/oktaSupport/cases", itemsAt: "supportCases", pageSize: 0 },
  key: ["case_number"],
  columns: [
    text("caseNumber"),
    text("subject"),
    text("impersonation.status"),
    instant("impersonation.expiration"),
    text("selfAssigned.status"),
  ],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  // Which weaker roles see it is not documented.
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
