import { boolean, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Brands: how the org looks under each of its domains. */
export const brands = defineObject({
  name: "brands",
  aliases: ["Brands"],
  preset: "config",
  summary: "Brands: how the org looks under each of its domains",
  openApi: "BrandWithEmbedded",
  list: { path: "/api/v1/brands", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/brands/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    boolean("isDefault"),
    text("locale"),
    text("emailDomainId"),
    boolean("agreeToCustomPrivacyPolicy"),
    text("customPrivacyPolicyUrl"),
    boolean("removePoweredByOkta"),
    text("defaultApp.appInstanceId"),
    text("defaultApp.appLinkName"),
    text("defaultApp.classicApplicationUri"),
  ],
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request. An e-mail domain shows in its brand.
  events: [
    {
      types: [
        "system.brand.create",
        "system.brand.update",
        "system.brand.delete",
        "system.email_domain.create",
        "system.email_domain.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.brands.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
