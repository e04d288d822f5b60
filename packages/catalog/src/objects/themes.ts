import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The theme of each brand: colours, images, and what they apply to. */
export const themes = defineObject({
  name: "themes",
  aliases: ["Themes", "BrandThemes"],
  preset: "config",
  summary: "Colours and images of each brand",
  openApi: "ThemeResponse",
  list: { path: "/api/v1/brands/{brand_id}/themes", pageSize: 0 },
  get: { path: "/api/v1/brands/{brand_id}/themes/{id}" },
  parent: { object: "brands", columns: { brand_id: "id" } },
  key: ["brand_id", "id"],
  columns: [
    text("id"),
    text("logo"),
    text("favicon"),
    text("backgroundImage"),
    text("primaryColorHex"),
    text("primaryColorContrastHex"),
    text("secondaryColorHex"),
    text("secondaryColorContrastHex"),
    text("signInPageTouchPointVariant"),
    text("endUserDashboardTouchPointVariant"),
    text("errorPageTouchPointVariant"),
    text("emailTemplateTouchPointVariant"),
    text("loadingPageTouchPointVariant"),
  ],
  incremental: { how: "log" },
  events: [
    // Whether the target names the theme or its brand is not documented: there are as many requests as brands.
    { types: ["system.theme.update"], effect: "whole", key: {} },
    // A new brand has a theme from the start. `Brand` is the likely type of the target; without it all are listed.
    { types: ["system.brand.create"], effect: "scope", key: { brand_id: "Brand" } },
  ],
  references: { brand_id: "brands" },
  scopes: ["okta.brands.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
