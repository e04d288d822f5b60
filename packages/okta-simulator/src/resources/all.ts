import { agentPools, agentPoolUpdates } from "./agent-pools.js";
import { apiServiceIntegrations, apiTokens } from "./api-access.js";
import type { ResourceDefinition } from "./definition.js";
import { deviceAssurances, devicePostureChecks } from "./device-assurances.js";
import { devices, deviceUsers } from "./devices.js";
import { identityProviderKeys, identityProviders, identityProviderUsers } from "./identity-providers.js";
import { logStreams } from "./log-streams.js";
import { pushProviders, securityEventsProviders, threatInsight, userRisk } from "./org-protection.js";
import {
  principalRateLimits,
  rateLimitAdminNotifications,
  rateLimitPerClient,
  rateLimitWarningThreshold,
} from "./rate-limit-settings.js";
import { realmAssignments, realms } from "./realms.js";
import { trustedOrigins } from "./trusted-origins.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  trustedOrigins,
  identityProviders,
  identityProviderKeys,
  identityProviderUsers,
  devices,
  deviceUsers,
  deviceAssurances,
  devicePostureChecks,
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
];
