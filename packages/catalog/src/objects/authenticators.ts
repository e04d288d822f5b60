import { boolean, instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Authenticators, which differ by `key`. */
export const authenticators = defineObject({
  name: "authenticators",
  aliases: ["Authenticators"],
  preset: "config",
  summary: "Authenticators that the org has set up",
  openApi: "AuthenticatorBase",
  list: { path: "/api/v1/authenticators", pageSize: 0 },
  get: { path: "/api/v1/authenticators/{id}" },
  key: ["id"],
  // `key` is unique but for custom authenticators.
  indexes: [["authenticator_key"]],
  columns: [
    text("id"),
    text("key", { name: "authenticator_key" }),
    text("type"),
    text("name"),
    text("description"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    boolean("agreeToTerms"),
    text("provider.type"),
    json("provider.configuration"),
    json("settings"),
  ],
  // The shared secret of an on-premises server is written, and not documented as read.
  secrets: paths("provider.configuration.secretKey", "provider.configuration.sharedSecret"),
  sets: paths("settings.userVerificationMethods"),
  incremental: { how: "log" },
  events: [
    // The type of the events' targets is not documented.
    {
      types: [
        "security.authenticator.lifecycle.create",
        "security.authenticator.lifecycle.update",
        "security.authenticator.lifecycle.activate",
        "security.authenticator.lifecycle.deactivate",
        "system.mfa.factor.activate",
        "system.mfa.factor.deactivate",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.authenticators.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: false, twoWay: false },
});
