import { paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** CAPTCHA services; an org has at most one (error E0000166). */
export const captchas = defineObject({
  name: "captchas",
  aliases: ["Captchas", "CAPTCHAInstances"],
  preset: "config",
  summary: "CAPTCHA service of the org",
  openApi: "CAPTCHAInstance",
  list: { path: "/api/v1/captchas", pageSize: 0 },
  get: { path: "/api/v1/captchas/{id}" },
  key: ["id"],
  columns: [text("id"), text("name"), text("type"), text("siteKey")],
  secrets: paths("secretKey"),
  incremental: { how: "log" },
  events: [
    { types: ["system.captcha.create", "system.captcha.update", "system.captcha.delete"], effect: "whole", key: {} },
  ],
  scopes: ["okta.captchas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
