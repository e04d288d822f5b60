import { authenticatorMethods, authenticators } from "./authenticators.js";
import { behaviors } from "./behaviors.js";
import type { ResourceDefinition } from "./definition.js";
import { networkZones } from "./network-zones.js";
import { policies } from "./policies.js";
import { policyMappings } from "./policy-mappings.js";
import { policyRules } from "./policy-rules.js";
import { trustedOrigins } from "./trusted-origins.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  trustedOrigins,
  policies,
  policyRules,
  policyMappings,
  authenticators,
  authenticatorMethods,
  networkZones,
  behaviors,
];
