import { integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Methods of each authenticator (SMS and voice of the phone); they have neither id nor times. */
export const authenticatorMethods = defineObject({
  name: "authenticator_methods",
  aliases: ["AuthenticatorMethods"],
  preset: "config",
  summary: "Methods of each authenticator, with their settings",
  openApi: "AuthenticatorMethodBase",
  list: { path: "/api/v1/authenticators/{authenticator_id}/methods", pageSize: 0 },
  get: { path: "/api/v1/authenticators/{authenticator_id}/methods/{type}" },
  parent: { object: "authenticators", columns: { authenticator_id: "id" } },
  key: ["authenticator_id", "type"],
  columns: [
    text("type"),
    text("status"),
    // What one-time passwords have beside their settings.
    integer("acceptableAdjacentIntervals"),
    text("algorithm"),
    text("encoding"),
    text("factorProfileId"),
    integer("passCodeLength"),
    text("protocol"),
    integer("timeIntervalInSeconds"),
    json("verifiableProperties"),
    json("settings"),
  ],
  sets: paths("verifiableProperties", "settings.algorithms", "settings.transactionTypes"),
  // Methods have no event of their own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // That a method's change is its authenticator's update is likely, as is the targets' type; neither is documented.
    // Without such a target all authenticators' methods are listed again.
    {
      types: [
        "security.authenticator.lifecycle.create",
        "security.authenticator.lifecycle.update",
        "security.authenticator.lifecycle.activate",
        "security.authenticator.lifecycle.deactivate",
      ],
      effect: "scope",
      key: { authenticator_id: "Authenticator" },
    },
    { types: ["system.mfa.factor.activate", "system.mfa.factor.deactivate"], effect: "whole", key: {} },
  ],
  references: { authenticator_id: "authenticators" },
  scopes: ["okta.authenticators.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
