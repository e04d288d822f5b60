import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether users verify something they have before something they know (Identity Engine only). */
export const orgAuthenticatorSettings = defineObject({
  name: "org_authenticator_settings",
  aliases: ["OrgAuthenticatorSettings", "AttackProtectionAuthenticatorSettings"],
  preset: "config",
  summary: "Whether a possession factor is verified before a knowledge factor (one row)",
  openApi: "AttackProtectionAuthenticatorSettings",
  // Earlier specifications have a list here; Okta answers one object.
  list: { path: "/attack-protection/api/v1/authenticator-settings", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("verifyKnowledgeSecondWhen2faRequired")],
  incremental: { how: "log" },
  events: [{ types: ["security.attack_protection.settings.update"], effect: "whole", key: {} }],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
