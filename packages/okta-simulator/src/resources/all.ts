import { authenticatorMethods, authenticators } from "./authenticators.js";
import { behaviors } from "./behaviors.js";
import { BRANDS } from "./brands.js";
import type { ResourceDefinition } from "./definition.js";
import { DOMAINS } from "./domains.js";
import { features } from "./features.js";
import { HOOKS } from "./hooks.js";
import { MAIL } from "./mail.js";
import { networkZones } from "./network-zones.js";
import { ORG_SETTINGS } from "./org-settings.js";
import { policies } from "./policies.js";
import { policyMappings } from "./policy-mappings.js";
import { policyRules } from "./policy-rules.js";
import { profileMappings, uiSchemas } from "./profile-mappings.js";
import { trustedOrigins } from "./trusted-origins.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  trustedOrigins,
  ...ORG_SETTINGS,
  features,
  ...BRANDS,
  ...DOMAINS,
  ...MAIL,
  ...HOOKS,
  profileMappings,
  uiSchemas,
  policies,
  policyRules,
  policyMappings,
  authenticators,
  authenticatorMethods,
  networkZones,
  behaviors,
];
