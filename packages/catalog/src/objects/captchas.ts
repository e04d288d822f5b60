import { paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** CAPTCHA services that the org has keys for. */
export const captchas = defineObject({
  name: "captchas",
  aliases: ["Captchas", "CAPTCHAInstances"],
  preset: "config",
  summary: "CAPTCHA services that the org has keys for",
  openApi: "CAPTCHAInstance",
  list: { path: "/api/v1/captchas", pageSize: 0 },
  get: { path: "/api/v1/captchas/{id}" },
  key: ["id"],
  columns: [text("id"), text("name"), text("type"), text("siteKey")],
  secrets: paths("secretKey"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request.
  events: [
    {
      types: ["system.captcha.create", "system.captcha.update", "system.captcha.delete"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.captchas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
