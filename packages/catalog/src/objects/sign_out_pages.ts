import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Where each brand sends people who signed out. */
export const signOutPages = defineObject({
  name: "sign_out_pages",
  aliases: ["SignOutPages"],
  preset: "config",
  summary: "Where each brand sends people who signed out",
  openApi: "HostedPage",
  list: {
    path: "/api/v1/brands/{brand_id}/pages/sign-out/customized",
    single: true,
    pageSize: 0,
    noneOn: ["OKTA_NOT_FOUND"],
  },
  parent: { object: "brands", columns: { brand_id: "id" } },
  key: ["brand_id"],
  columns: [text("type"), text("url")],
  incremental: { how: "log" },
  events: [
    // Whether the target names the page or its brand is not documented: there are as many requests as brands.
    { types: ["system.custom_signout.update"], effect: "whole", key: {} },
    // A new brand has Okta's own from the start. `Brand` is the likely type of the target; without it all are listed.
    { types: ["system.brand.create"], effect: "scope", key: { brand_id: "Brand" } },
  ],
  references: { brand_id: "brands" },
  scopes: ["okta.brands.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
