import { agentPools, agentPoolUpdates } from "./agent-pools.js";
import { apiServiceIntegrations, apiTokens } from "./api-access.js";
import type { ResourceDefinition } from "./definition.js";
import { deviceAssurances, devicePostureChecks } from "./device-assurances.js";
import { deviceIntegrations } from "./device-integrations.js";
import { devices, deviceUsers } from "./devices.js";
import { identityProviderKeys, identityProviders, identityProviderUsers } from "./identity-providers.js";
import { identityProviderCsrs, identityProviderSigningKeys } from "./identity-provider-credentials.js";
import { logStreams } from "./log-streams.js";
import { pushProviders, securityEventsProviders, threatInsight, userRisk } from "./org-protection.js";
import {
  principalRateLimits,
  rateLimitAdminNotifications,
  rateLimitPerClient,
  rateLimitWarningThreshold,
} from "./rate-limit-settings.js";
import { realmAssignments, realms } from "./realms.js";
import { applicationGrants, applicationTokens } from "./application-grants.js";
import {
  applicationConnections,
  applicationCrossAppConnections,
  applicationFederatedClaims,
} from "./application-connections.js";
import { applicationCsrs, applicationKeys } from "./application-keys.js";
import { applicationFeatures, groupPushMappings } from "./application-provisioning.js";
import { authorizationServerClaims, authorizationServerScopes } from "./authorization-claims.js";
import { authorizationServerPolicies, authorizationServerPolicyRules } from "./authorization-policies.js";
import { authorizationServerClients, authorizationServerKeys, authorizationServers } from "./authorization-servers.js";
import { authorizationServerAssociatedServers, authorizationServerResourceKeys } from "./authorization-trust.js";
import { clientJwks, clientSecrets } from "./client-credentials.js";
import { clientApplications, clientRoles } from "./clients.js";
import { orgAuthenticatorSettings, orgUserLockoutSettings } from "./attack-protection.js";
import { authenticatorAaguids } from "./authenticator-aaguids.js";
import { authenticatorMethods, authenticators } from "./authenticators.js";
import { behaviors } from "./behaviors.js";
import { networkZones } from "./network-zones.js";
import { policies } from "./policies.js";
import { policyMappings } from "./policy-mappings.js";
import { policyRules } from "./policy-rules.js";
import { BRANDS } from "./brands.js";
import { DOMAINS } from "./domains.js";
import { featureDependencies, featureDependents, features } from "./features.js";
import { HOOKS } from "./hooks.js";
import { MAIL } from "./mail.js";
import { ORG_SETTINGS } from "./org-settings.js";
import { profileMappings, uiSchemas } from "./profile-mappings.js";
import { customRolePermissions, customRoles } from "./custom-roles.js";
import { factors } from "./factors.js";
import { groupOwners } from "./group-owners.js";
import { linkedObjectDefinitions, linkedObjects } from "./linked-objects.js";
import { resourceSetBindingMembers, resourceSetBindings, resourceSetResources, resourceSets } from "./resource-sets.js";
import {
  groupRoles,
  roleAssignees,
  roleSubscriptions,
  subscribingRoles,
  userRoles,
  userSubscriptions,
} from "./role-assignments.js";
import { groupRoleAppTargets, groupRoleGroupTargets } from "./role-targets.js";
import { sessions } from "./sessions.js";
import { telephonyProviders } from "./telephony-providers.js";
import { trustedOrigins } from "./trusted-origins.js";
import { userClients, userGrants } from "./user-grants.js";
import { yubikeyTokens } from "./yubikey-tokens.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  trustedOrigins,
  identityProviders,
  identityProviderKeys,
  identityProviderUsers,
  identityProviderSigningKeys,
  identityProviderCsrs,
  devices,
  deviceUsers,
  deviceAssurances,
  devicePostureChecks,
  deviceIntegrations,
  threatInsight,
  userRisk,
  rateLimitAdminNotifications,
  rateLimitPerClient,
  rateLimitWarningThreshold,
  principalRateLimits,
  realms,
  realmAssignments,
  securityEventsProviders,
  pushProviders,
  agentPools,
  agentPoolUpdates,
  logStreams,
  apiTokens,
  apiServiceIntegrations,
  applicationCsrs,
  applicationKeys,
  applicationFeatures,
  applicationConnections,
  applicationFederatedClaims,
  applicationCrossAppConnections,
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
  authorizationServerResourceKeys,
  authorizationServerAssociatedServers,
  policies,
  policyRules,
  policyMappings,
  authenticators,
  authenticatorMethods,
  authenticatorAaguids,
  yubikeyTokens,
  orgAuthenticatorSettings,
  orgUserLockoutSettings,
  networkZones,
  behaviors,
  ...ORG_SETTINGS,
  features,
  featureDependencies,
  featureDependents,
  ...BRANDS,
  ...DOMAINS,
  ...MAIL,
  telephonyProviders,
  ...HOOKS,
  profileMappings,
  uiSchemas,
  customRoles,
  customRolePermissions,
  resourceSets,
  resourceSetResources,
  resourceSetBindings,
  resourceSetBindingMembers,
  roleAssignees,
  userRoles,
  groupRoles,
  groupRoleGroupTargets,
  groupRoleAppTargets,
  subscribingRoles,
  roleSubscriptions,
  linkedObjectDefinitions,
  linkedObjects,
  userGrants,
  userClients,
  factors,
  groupOwners,
  sessions,
  userSubscriptions,
];
