import { json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The sign-in page of each brand that has its own; brands that keep Okta's own have none. */
export const signInPages = defineObject({
  name: "sign_in_pages",
  aliases: ["SignInPages"],
  preset: "config",
  summary: "The sign-in page of each brand that has its own",
  openApi: "SignInPage",
  // Without a customised page Okta answers 404.
  list: {
    path: "/api/v1/brands/{brand_id}/pages/sign-in/customized",
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
    text("widgetVersion"),
    text("widgetCustomizations.widgetGeneration"),
    json("widgetCustomizations"),
  ],
  incremental: { how: "log" },
  // Whether the target names the page or its brand is not documented: there are as many requests as brands.
  events: [{ types: ["system.custom_signin.update", "system.custom_signin.delete"], effect: "whole", key: {} }],
  references: { brand_id: "brands" },
  scopes: ["okta.brands.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
