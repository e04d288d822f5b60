import { applicationGrants, applicationTokens } from "./application-grants.js";
import { applicationCsrs, applicationKeys } from "./application-keys.js";
import { applicationFeatures, groupPushMappings } from "./application-provisioning.js";
import { authorizationServerClaims, authorizationServerScopes } from "./authorization-claims.js";
import { authorizationServerPolicies, authorizationServerPolicyRules } from "./authorization-policies.js";
import { authorizationServerClients, authorizationServerKeys, authorizationServers } from "./authorization-servers.js";
import { clientJwks, clientSecrets } from "./client-credentials.js";
import { clientApplications, clientRoles } from "./clients.js";
import type { ResourceDefinition } from "./definition.js";
import { trustedOrigins } from "./trusted-origins.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  trustedOrigins,
  applicationCsrs,
  applicationKeys,
  applicationFeatures,
  applicationGrants,
  applicationTokens,
  groupPushMappings,
  clientApplications,
  clientSecrets,
  clientJwks,
  clientRoles,
  authorizationServers,
  authorizationServerClaims,
  authorizationServerScopes,
  authorizationServerPolicies,
  authorizationServerPolicyRules,
  authorizationServerClients,
  authorizationServerKeys,
];
