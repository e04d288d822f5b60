import { json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which CAPTCHA guards which pages of the org. */
export const orgCaptcha = defineObject({
  name: "org_captcha",
  aliases: ["OrgCaptcha", "OrgCaptchaSettings"],
  preset: "config",
  summary: "Which CAPTCHA guards which pages of the org",
  openApi: "OrgCAPTCHASettings",
  list: { path: "/api/v1/org/captcha", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [text("captchaId"), json("enabledPages")],
  sets: paths("enabledPages"),
  incremental: { how: "log" },
  // The object has no id, so no target can name it. After its deletion it still answers, with nothing in it
  // (recorded traffic).
  events: [{ types: ["system.org.captcha.activate", "system.org.captcha.deactivate"], effect: "whole", key: {} }],
  scopes: ["okta.captchas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
