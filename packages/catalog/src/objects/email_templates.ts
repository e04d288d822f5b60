import { integer, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Okta's mail templates, once for each brand. They have no id but their name. */
export const emailTemplates = defineObject({
  name: "email_templates",
  aliases: ["EmailTemplates"],
  preset: "config",
  summary: "Mail templates of each brand and how many customisations each has",
  openApi: "EmailTemplateResponse",
  list: {
    path: "/api/v1/brands/{brand_id}/templates/email",
    query: { limit: "200", expand: "customizationCount" },
    pageSize: 200,
  },
  parent: { object: "brands", columns: { brand_id: "id" } },
  key: ["brand_id", "name"],
  columns: [text("name"), integer("_embedded.customizationCount", { name: "customization_count" })],
  incremental: { how: "log" },
  events: [
    // The type of these events' targets is not documented: there are as many requests as brands.
    { types: ["system.email.template.create", "system.email.template.delete"], effect: "whole", key: {} },
    // `Brand` is the likely type of the target; without it all are listed.
    { types: ["system.brand.create"], effect: "scope", key: { brand_id: "Brand" } },
  ],
  references: { brand_id: "brands" },
  scopes: ["okta.templates.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
