import { json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** On which pages the org asks for a CAPTCHA. */
export const orgCaptchaSettings = defineObject({
  name: "org_captcha_settings",
  aliases: ["OrgCaptchaSettings"],
  preset: "config",
  summary: "Pages on which the org asks for a CAPTCHA (one row)",
  openApi: "OrgCAPTCHASettings",
  list: { path: "/api/v1/org/captcha", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [text("captchaId"), json("enabledPages")],
  // Comes in another order at every read (recorded traffic).
  sets: paths("enabledPages"),
  incremental: { how: "log" },
  // A change of the pages alone may be told by none of these (not documented); the reconcile finds it.
  events: [{ types: ["system.org.captcha.activate", "system.org.captcha.deactivate"], effect: "whole", key: {} }],
  scopes: ["okta.captchas.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
