import { json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The error page of each brand that has its own; brands that keep Okta's own have none. */
export const errorPages = defineObject({
  name: "error_pages",
  aliases: ["ErrorPages"],
  preset: "config",
  summary: "The error page of each brand that has its own",
  openApi: "ErrorPage",
  // Without a customised page Okta answers 404.
  list: {
    path: "/api/v1/brands/{brand_id}/pages/error/customized",
    single: true,
    pageSize: 0,
    noneOn: ["OKTA_NOT_FOUND"],
  },
  parent: { object: "brands", columns: { brand_id: "id" } },
  key: ["brand_id"],
  columns: [
    text("pageContent"),
    text("contentSecurityPolicySetting.mode"),
    text("contentSecurityPolicySetting.reportUri"),
    json("contentSecurityPolicySetting.srcList"),
  ],
  incremental: { how: "log" },
  // Whether the target names the page or its brand is not documented: there are as many requests as brands.
  events: [{ types: ["system.custom_error.update", "system.custom_error.delete"], effect: "whole", key: {} }],
  references: { brand_id: "brands" },
  scopes: ["okta.brands.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
