import { boolean, instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Texts of a brand's own for a mail template, one a language. */
export const emailCustomizations = defineObject({
  name: "email_customizations",
  aliases: ["EmailCustomizations"],
  preset: "config",
  summary: "Texts of a brand's own for its mail templates, one a language",
  openApi: "EmailCustomization",
  list: {
    path: "/api/v1/brands/{brand_id}/templates/email/{template_name}/customizations",
    query: { limit: "200" },
    pageSize: 200,
  },
  get: { path: "/api/v1/brands/{brand_id}/templates/email/{template_name}/customizations/{id}" },
  parent: { object: "email_templates", columns: { template_name: "name", brand_id: "brand_id" } },
  key: ["brand_id", "template_name", "id"],
  columns: [
    text("id"),
    text("language"),
    boolean("isDefault"),
    text("subject"),
    text("body"),
    instant("created"),
    instant("lastUpdated"),
  ],
  incremental: { how: "log" },
  // The type of these events' targets is not documented: all are listed again, one request a template and brand.
  events: [
    {
      types: ["system.email.template.create", "system.email.template.update", "system.email.template.delete"],
      effect: "whole",
      key: {},
    },
  ],
  references: { brand_id: "brands" },
  reconcileFactor: 4,
  scopes: ["okta.templates.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
