import { instant, json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Texts of the org's own for its SMS; Okta's default text is not listed. */
export const smsTemplates = defineObject({
  name: "sms_templates",
  aliases: ["SMS_Templates", "SmsTemplates"],
  preset: "config",
  summary: "Texts of the org's own for its SMS, with their translations",
  openApi: "SmsTemplate",
  list: { path: "/api/v1/templates/sms", pageSize: 0 },
  get: { path: "/api/v1/templates/sms/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("template"),
    // A key for each language.
    json("translations"),
    instant("created"),
    instant("lastUpdated"),
  ],
  // The event catalogue has no event for SMS templates.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.templates.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
