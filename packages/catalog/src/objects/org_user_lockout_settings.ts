import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether attempts from unknown devices can lock a user out (Identity Engine only). */
export const orgUserLockoutSettings = defineObject({
  name: "org_user_lockout_settings",
  aliases: ["OrgUserLockoutSettings", "UserLockoutSettings"],
  preset: "config",
  summary: "Whether brute force from unknown devices is kept from locking users out (one row)",
  openApi: "UserLockoutSettings",
  // Earlier specifications have a list here; Okta answers one object (its documentation's example).
  list: { path: "/attack-protection/api/v1/user-lockout-settings", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("preventBruteForceLockoutFromUnknownDevices")],
  incremental: { how: "log" },
  events: [{ types: ["security.attack_protection.settings.update"], effect: "whole", key: {} }],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
