import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Who receives the mails of a template. */
export const emailTemplateSettings = defineObject({
  name: "email_template_settings",
  aliases: ["EmailTemplateSettings", "EmailSettings"],
  preset: "config",
  summary: "Who receives the mails of each template",
  openApi: "EmailSettingsResponse",
  list: {
    path: "/api/v1/brands/{brand_id}/templates/email/{template_name}/settings",
    single: true,
    pageSize: 0,
  },
  parent: { object: "email_templates", columns: { template_name: "name", brand_id: "brand_id" } },
  key: ["brand_id", "template_name"],
  columns: [text("recipients")],
  incremental: { how: "log" },
  // The type of this event's targets is not documented: all are read again, one request a template and brand.
  events: [{ types: ["system.email.template.settings_changed"], effect: "whole", key: {} }],
  references: { brand_id: "brands" },
  reconcileFactor: 4,
  scopes: ["okta.templates.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
