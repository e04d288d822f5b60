import { oktaError } from "../errors.js";
import { defineResource, type ResourceDefinition } from "./definition.js";

/**
 * A setting against attacks on passwords: an object with one switch, without id and times (Okta docs). They are part of
 * the Identity Engine; what a Classic org answers is not documented.
 */
function setting(name: string, path: string, property: string): ResourceDefinition {
  return defineResource({
    name,
    kind: "AttackProtectionSettings",
    path: `/attack-protection/api/v1/${path}`,
    single: true,
    scope: "okta.orgs",
    feature: "identity-engine",
    stamps: null,
    replace: {
      status: 200,
      check: (body) => {
        const value = body[property];
        if (value !== undefined && typeof value !== "boolean") throw oktaError("E0000001", { arg: property });
      },
      // False is its default (OpenAPI spec).
      make: (body) => ({ [property]: body[property] ?? false }),
      event: "security.attack_protection.settings.update",
    },
    // What the event names is not documented.
    targets: () => [],
    seed: () => [{ [property]: false }],
  });
}

export const orgAuthenticatorSettings = setting(
  "org_authenticator_settings",
  "authenticator-settings",
  "verifyKnowledgeSecondWhen2faRequired",
);

export const orgUserLockoutSettings = setting(
  "org_user_lockout_settings",
  "user-lockout-settings",
  "preventBruteForceLockoutFromUnknownDevices",
);
