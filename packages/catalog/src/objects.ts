import type { ObjectDefinition } from "./definition.js";
import { accessPolicies } from "./objects/access_policies.js";
import { agentPoolUpdates } from "./objects/agent_pool_updates.js";
import { agentPools } from "./objects/agent_pools.js";
import { apiServiceIntegrations } from "./objects/api_service_integrations.js";
import { apiTokens } from "./objects/api_tokens.js";
import { applicationConnections } from "./objects/application_connections.js";
import { applicationCrossAppConnections } from "./objects/application_cross_app_connections.js";
import { applicationCsrs } from "./objects/application_csrs.js";
import { applicationFeatures } from "./objects/application_features.js";
import { applicationFederatedClaims } from "./objects/application_federated_claims.js";
import { applicationGrants } from "./objects/application_grants.js";
import { applicationGroups } from "./objects/application_groups.js";
import { applicationKeys } from "./objects/application_keys.js";
import { applicationTokens } from "./objects/application_tokens.js";
import { applicationUserSchemas } from "./objects/application_user_schemas.js";
import { applicationUsers } from "./objects/application_users.js";
import { applications } from "./objects/applications.js";
import { authenticatorAaguids } from "./objects/authenticator_aaguids.js";
import { authenticatorMethods } from "./objects/authenticator_methods.js";
import { authenticators } from "./objects/authenticators.js";
import { authorizationServerAssociatedServers } from "./objects/authorization_server_associated_servers.js";
import { authorizationServerClaims } from "./objects/authorization_server_claims.js";
import { authorizationServerClients } from "./objects/authorization_server_clients.js";
import { authorizationServerKeys } from "./objects/authorization_server_keys.js";
import { authorizationServerPolicies } from "./objects/authorization_server_policies.js";
import { authorizationServerPolicyRules } from "./objects/authorization_server_policy_rules.js";
import { authorizationServerResourceKeys } from "./objects/authorization_server_resource_keys.js";
import { authorizationServerScopes } from "./objects/authorization_server_scopes.js";
import { authorizationServers } from "./objects/authorization_servers.js";
import { behaviors } from "./objects/behaviors.js";
import { brands } from "./objects/brands.js";
import { captchas } from "./objects/captchas.js";
import { clientApplications } from "./objects/client_applications.js";
import { clientJwks } from "./objects/client_jwks.js";
import { clientRoles } from "./objects/client_roles.js";
import { clientSecrets } from "./objects/client_secrets.js";
import { customRolePermissions } from "./objects/custom_role_permissions.js";
import { customRoles } from "./objects/custom_roles.js";
import { deviceAssurances } from "./objects/device_assurances.js";
import { deviceIntegrations } from "./objects/device_integrations.js";
import { devicePostureChecks } from "./objects/device_posture_checks.js";
import { deviceSignalCollectionPolicies } from "./objects/device_signal_collection_policies.js";
import { deviceUsers } from "./objects/device_users.js";
import { devices } from "./objects/devices.js";
import { domains } from "./objects/domains.js";
import { emailCustomizations } from "./objects/email_customizations.js";
import { emailDomains } from "./objects/email_domains.js";
import { emailServers } from "./objects/email_servers.js";
import { emailTemplateSettings } from "./objects/email_template_settings.js";
import { emailTemplates } from "./objects/email_templates.js";
import { enrolledFactors } from "./objects/enrolled_factors.js";
import { entityRiskPolicies } from "./objects/entity_risk_policies.js";
import { errorPages } from "./objects/error_pages.js";
import { eventHooks } from "./objects/event_hooks.js";
import { featureDependencies } from "./objects/feature_dependencies.js";
import { features } from "./objects/features.js";
import { groupMembers } from "./objects/group_members.js";
import { groupOwners } from "./objects/group_owners.js";
import { groupPushMappings } from "./objects/group_push_mappings.js";
import { groupRoleAppTargets } from "./objects/group_role_app_targets.js";
import { groupRoleGroupTargets } from "./objects/group_role_group_targets.js";
import { groupRoles } from "./objects/group_roles.js";
import { groupRules } from "./objects/group_rules.js";
import { groupSchemas } from "./objects/group_schemas.js";
import { groups } from "./objects/groups.js";
import { hookKeys } from "./objects/hook_keys.js";
import { identityProviderCsrs } from "./objects/identity_provider_csrs.js";
import { identityProviderKeys } from "./objects/identity_provider_keys.js";
import { identityProviderSigningKeys } from "./objects/identity_provider_signing_keys.js";
import { identityProviderUsers } from "./objects/identity_provider_users.js";
import { identityProviders } from "./objects/identity_providers.js";
import { idpDiscoveryPolicies } from "./objects/idp_discovery_policies.js";
import { inlineHooks } from "./objects/inline_hooks.js";
import { linkedObjectDefinitions } from "./objects/linked_object_definitions.js";
import { linkedObjects } from "./objects/linked_objects.js";
import { logEvents } from "./objects/log_events.js";
import { logStreams } from "./objects/log_streams.js";
import { mfaEnrollPolicies } from "./objects/mfa_enroll_policies.js";
import { networkZones } from "./objects/network_zones.js";
import { oktaSignOnPolicies } from "./objects/okta_sign_on_policies.js";
import { orgAdminAppSettings } from "./objects/org_admin_app_settings.js";
import { orgAuthenticatorSettings } from "./objects/org_authenticator_settings.js";
import { orgCaptcha } from "./objects/org_captcha.js";
import { orgClientPrivilegesSettings } from "./objects/org_client_privileges_settings.js";
import { orgCommunicationSettings } from "./objects/org_communication_settings.js";
import { orgContactTypes } from "./objects/org_contact_types.js";
import { orgContacts } from "./objects/org_contacts.js";
import { orgPreferences } from "./objects/org_preferences.js";
import { orgSettings } from "./objects/org_settings.js";
import { orgSupportCases } from "./objects/org_support_cases.js";
import { orgSupportSettings } from "./objects/org_support_settings.js";
import { orgThirdPartyAdminSettings } from "./objects/org_third_party_admin_settings.js";
import { orgUserLockoutSettings } from "./objects/org_user_lockout_settings.js";
import { passwordPolicies } from "./objects/password_policies.js";
import { policyMappings } from "./objects/policy_mappings.js";
import { policyRules } from "./objects/policy_rules.js";
import { postAuthSessionPolicies } from "./objects/post_auth_session_policies.js";
import { principalRateLimits } from "./objects/principal_rate_limits.js";
import { profileEnrollmentPolicies } from "./objects/profile_enrollment_policies.js";
import { profileMappings } from "./objects/profile_mappings.js";
import { pushProviders } from "./objects/push_providers.js";
import { rateLimitAdminNotifications } from "./objects/rate_limit_admin_notifications.js";
import { rateLimitPerClient } from "./objects/rate_limit_per_client.js";
import { rateLimitWarningThreshold } from "./objects/rate_limit_warning_threshold.js";
import { realmAssignments } from "./objects/realm_assignments.js";
import { realms } from "./objects/realms.js";
import { resourceSetBindingMembers } from "./objects/resource_set_binding_members.js";
import { resourceSetBindings } from "./objects/resource_set_bindings.js";
import { resourceSetResources } from "./objects/resource_set_resources.js";
import { resourceSets } from "./objects/resource_sets.js";
import { roleAssignees } from "./objects/role_assignees.js";
import { roleSubscriptions } from "./objects/role_subscriptions.js";
import { securityEventsProviders } from "./objects/security_events_providers.js";
import { sessionViolationDetectionPolicies } from "./objects/session_violation_detection_policies.js";
import { signInPages } from "./objects/sign_in_pages.js";
import { signOutPages } from "./objects/sign_out_pages.js";
import { smsTemplates } from "./objects/sms_templates.js";
import { telephonyProviders } from "./objects/telephony_providers.js";
import { themes } from "./objects/themes.js";
import { threatInsight } from "./objects/threat_insight.js";
import { trustedOrigins } from "./objects/trusted_origins.js";
import { uiSchemas } from "./objects/ui_schemas.js";
import { userClients } from "./objects/user_clients.js";
import { userGrants } from "./objects/user_grants.js";
import { userRisk } from "./objects/user_risk.js";
import { userRoleAppTargets } from "./objects/user_role_app_targets.js";
import { userRoleGroupTargets } from "./objects/user_role_group_targets.js";
import { userRoles } from "./objects/user_roles.js";
import { userSchemas } from "./objects/user_schemas.js";
import { userTypes } from "./objects/user_types.js";
import { users } from "./objects/users.js";
import { wellKnownUris } from "./objects/well_known_uris.js";
import { yubikeyTokens } from "./objects/yubikey_tokens.js";

/** Every object, by topic and parents before their children: the order of `tidemark objects` and of the reference. */
export const OBJECTS: readonly ObjectDefinition[] = [
  // People, groups and applications (preset core)
  userTypes,
  userSchemas,
  groupSchemas,
  users,
  groups,
  groupMembers,
  groupRules,
  applications,
  applicationUserSchemas,
  applicationUsers,
  applicationGroups,

  // What else belongs to people and groups
  linkedObjectDefinitions,
  groupOwners,

  // Applications and OAuth clients
  applicationKeys,
  applicationCsrs,
  applicationFeatures,
  applicationConnections,
  applicationFederatedClaims,
  applicationGrants,
  applicationTokens,
  groupPushMappings,
  applicationCrossAppConnections,
  clientApplications,
  clientSecrets,
  clientJwks,
  clientRoles,

  // API access
  authorizationServers,
  authorizationServerScopes,
  authorizationServerClaims,
  authorizationServerPolicies,
  authorizationServerPolicyRules,
  authorizationServerClients,
  authorizationServerKeys,
  authorizationServerResourceKeys,
  authorizationServerAssociatedServers,
  apiTokens,
  apiServiceIntegrations,

  // Policies
  oktaSignOnPolicies,
  passwordPolicies,
  mfaEnrollPolicies,
  idpDiscoveryPolicies,
  accessPolicies,
  profileEnrollmentPolicies,
  postAuthSessionPolicies,
  entityRiskPolicies,
  sessionViolationDetectionPolicies,
  deviceSignalCollectionPolicies,
  policyRules,
  policyMappings,

  // Security
  authenticators,
  authenticatorMethods,
  authenticatorAaguids,
  yubikeyTokens,
  networkZones,
  trustedOrigins,
  behaviors,
  identityProviders,
  identityProviderKeys,
  identityProviderSigningKeys,
  identityProviderCsrs,
  identityProviderUsers,
  devices,
  deviceAssurances,
  devicePostureChecks,
  deviceIntegrations,
  pushProviders,
  threatInsight,
  orgAuthenticatorSettings,
  orgUserLockoutSettings,
  securityEventsProviders,
  captchas,
  orgCaptcha,
  rateLimitAdminNotifications,
  rateLimitPerClient,
  rateLimitWarningThreshold,
  principalRateLimits,

  // Administrators
  roleAssignees,
  userRoles,
  userRoleGroupTargets,
  userRoleAppTargets,
  groupRoles,
  groupRoleGroupTargets,
  groupRoleAppTargets,
  customRoles,
  customRolePermissions,
  resourceSets,
  resourceSetResources,
  resourceSetBindings,
  resourceSetBindingMembers,
  roleSubscriptions,

  // The org
  orgSettings,
  orgContactTypes,
  orgContacts,
  orgPreferences,
  orgCommunicationSettings,
  orgSupportSettings,
  orgSupportCases,
  orgThirdPartyAdminSettings,
  orgAdminAppSettings,
  orgClientPrivilegesSettings,
  features,
  featureDependencies,
  realms,
  realmAssignments,
  profileMappings,
  uiSchemas,
  agentPools,
  agentPoolUpdates,

  // Brands, domains and messages
  brands,
  themes,
  signInPages,
  errorPages,
  signOutPages,
  wellKnownUris,
  domains,
  emailDomains,
  emailServers,
  emailTemplates,
  emailTemplateSettings,
  emailCustomizations,
  smsTemplates,
  telephonyProviders,

  // Hooks and streams
  eventHooks,
  inlineHooks,
  hookKeys,
  logStreams,

  // A request for each user or device (preset per-user)
  enrolledFactors,
  linkedObjects,
  userGrants,
  userClients,
  deviceUsers,
  userRisk,

  // The System Log (preset log)
  logEvents,
];
