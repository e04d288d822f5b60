import { TerminalError } from "@tidemark/kernel";

import { type EventRule, type ObjectDefinition, type Preset, PRESETS } from "./definition.js";
import { agentPoolUpdates } from "./objects/agent_pool_updates.js";
import { agentPools } from "./objects/agent_pools.js";
import { apiServiceIntegrations } from "./objects/api_service_integrations.js";
import { apiTokens } from "./objects/api_tokens.js";
import { applicationCsrs } from "./objects/application_csrs.js";
import { applicationFeatures } from "./objects/application_features.js";
import { applicationGrants } from "./objects/application_grants.js";
import { accessPolicies } from "./objects/access_policies.js";
import { applicationGroups } from "./objects/application_groups.js";
import { applicationKeys } from "./objects/application_keys.js";
import { applicationTokens } from "./objects/application_tokens.js";
import { applicationUserSchemas } from "./objects/application_user_schemas.js";
import { applicationUsers } from "./objects/application_users.js";
import { applications } from "./objects/applications.js";
import { deviceAssurances } from "./objects/device_assurances.js";
import { devicePostureChecks } from "./objects/device_posture_checks.js";
import { deviceUsers } from "./objects/device_users.js";
import { devices } from "./objects/devices.js";
import { authorizationServerClaims } from "./objects/authorization_server_claims.js";
import { authorizationServerClients } from "./objects/authorization_server_clients.js";
import { authorizationServerKeys } from "./objects/authorization_server_keys.js";
import { authorizationServerPolicies } from "./objects/authorization_server_policies.js";
import { authorizationServerPolicyRules } from "./objects/authorization_server_policy_rules.js";
import { authorizationServerScopes } from "./objects/authorization_server_scopes.js";
import { authorizationServers } from "./objects/authorization_servers.js";
import { clientApplications } from "./objects/client_applications.js";
import { clientJwks } from "./objects/client_jwks.js";
import { clientRoles } from "./objects/client_roles.js";
import { clientSecrets } from "./objects/client_secrets.js";
import { authenticatorMethods } from "./objects/authenticator_methods.js";
import { authenticators } from "./objects/authenticators.js";
import { behaviors } from "./objects/behaviors.js";
import { entityRiskPolicies } from "./objects/entity_risk_policies.js";
import { brands } from "./objects/brands.js";
import { captchas } from "./objects/captchas.js";
import { domains } from "./objects/domains.js";
import { emailCustomizations } from "./objects/email_customizations.js";
import { emailDomains } from "./objects/email_domains.js";
import { emailServers } from "./objects/email_servers.js";
import { emailTemplateSettings } from "./objects/email_template_settings.js";
import { emailTemplates } from "./objects/email_templates.js";
import { errorPages } from "./objects/error_pages.js";
import { eventHooks } from "./objects/event_hooks.js";
import { features } from "./objects/features.js";
import { groupMembers } from "./objects/group_members.js";
import { groupPushMappings } from "./objects/group_push_mappings.js";
import { groupRules } from "./objects/group_rules.js";
import { groupSchemas } from "./objects/group_schemas.js";
import { groups } from "./objects/groups.js";
import { identityProviderKeys } from "./objects/identity_provider_keys.js";
import { identityProviderUsers } from "./objects/identity_provider_users.js";
import { identityProviders } from "./objects/identity_providers.js";
import { logEvents } from "./objects/log_events.js";
import { logStreams } from "./objects/log_streams.js";
import { principalRateLimits } from "./objects/principal_rate_limits.js";
import { pushProviders } from "./objects/push_providers.js";
import { rateLimitAdminNotifications } from "./objects/rate_limit_admin_notifications.js";
import { rateLimitPerClient } from "./objects/rate_limit_per_client.js";
import { rateLimitWarningThreshold } from "./objects/rate_limit_warning_threshold.js";
import { realmAssignments } from "./objects/realm_assignments.js";
import { realms } from "./objects/realms.js";
import { securityEventsProviders } from "./objects/security_events_providers.js";
import { threatInsight } from "./objects/threat_insight.js";
import { userRisk } from "./objects/user_risk.js";
import { idpDiscoveryPolicies } from "./objects/idp_discovery_policies.js";
import { mfaEnrollPolicies } from "./objects/mfa_enroll_policies.js";
import { networkZones } from "./objects/network_zones.js";
import { oktaSignOnPolicies } from "./objects/okta_sign_on_policies.js";
import { passwordPolicies } from "./objects/password_policies.js";
import { policyMappings } from "./objects/policy_mappings.js";
import { policyRules } from "./objects/policy_rules.js";
import { postAuthSessionPolicies } from "./objects/post_auth_session_policies.js";
import { profileEnrollmentPolicies } from "./objects/profile_enrollment_policies.js";
import { sessionViolationDetectionPolicies } from "./objects/session_violation_detection_policies.js";
import { trustedOrigins } from "./objects/trusted_origins.js";
import { hookKeys } from "./objects/hook_keys.js";
import { inlineHooks } from "./objects/inline_hooks.js";
import { orgAdminAppSettings } from "./objects/org_admin_app_settings.js";
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
import { profileMappings } from "./objects/profile_mappings.js";
import { signInPages } from "./objects/sign_in_pages.js";
import { signOutPages } from "./objects/sign_out_pages.js";
import { smsTemplates } from "./objects/sms_templates.js";
import { themes } from "./objects/themes.js";
import { uiSchemas } from "./objects/ui_schemas.js";
import { customRolePermissions } from "./objects/custom_role_permissions.js";
import { customRoles } from "./objects/custom_roles.js";
import { enrolledFactors } from "./objects/enrolled_factors.js";
import { groupOwners } from "./objects/group_owners.js";
import { groupRoles } from "./objects/group_roles.js";
import { linkedObjectDefinitions } from "./objects/linked_object_definitions.js";
import { linkedObjects } from "./objects/linked_objects.js";
import { resourceSetBindingMembers } from "./objects/resource_set_binding_members.js";
import { resourceSetBindings } from "./objects/resource_set_bindings.js";
import { resourceSetResources } from "./objects/resource_set_resources.js";
import { resourceSets } from "./objects/resource_sets.js";
import { roleAssignees } from "./objects/role_assignees.js";
import { roleSubscriptions } from "./objects/role_subscriptions.js";
import { userClients } from "./objects/user_clients.js";
import { userGrants } from "./objects/user_grants.js";
import { userRoleAppTargets } from "./objects/user_role_app_targets.js";
import { userRoleGroupTargets } from "./objects/user_role_group_targets.js";
import { userRoles } from "./objects/user_roles.js";
import { userSchemas } from "./objects/user_schemas.js";
import { userTypes } from "./objects/user_types.js";
import { users } from "./objects/users.js";
import { wellKnownUris } from "./objects/well_known_uris.js";

/** Every object, parents before their children. */
export const OBJECTS: readonly ObjectDefinition[] = [
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
  identityProviders,
  identityProviderKeys,
  identityProviderUsers,
  devices,
  deviceUsers,
  deviceAssurances,
  devicePostureChecks,
  threatInsight,
  rateLimitAdminNotifications,
  rateLimitPerClient,
  rateLimitWarningThreshold,
  principalRateLimits,
  realms,
  realmAssignments,
  userRisk,
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
  oktaSignOnPolicies,
  passwordPolicies,
  mfaEnrollPolicies,
  idpDiscoveryPolicies,
  accessPolicies,
  profileEnrollmentPolicies,
  postAuthSessionPolicies,
  entityRiskPolicies,
  sessionViolationDetectionPolicies,
  policyRules,
  policyMappings,
  authenticators,
  authenticatorMethods,
  networkZones,
  trustedOrigins,
  behaviors,
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
  captchas,
  orgCaptcha,
  features,
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
  eventHooks,
  inlineHooks,
  hookKeys,
  profileMappings,
  uiSchemas,
  linkedObjectDefinitions,
  roleAssignees,
  userRoles,
  userRoleGroupTargets,
  userRoleAppTargets,
  groupRoles,
  groupOwners,
  customRoles,
  customRolePermissions,
  resourceSets,
  resourceSetResources,
  resourceSetBindings,
  resourceSetBindingMembers,
  roleSubscriptions,
  linkedObjects,
  userGrants,
  userClients,
  enrolledFactors,
  logEvents,
];

const BY_NAME = new Map(OBJECTS.map((definition) => [definition.name, definition]));

/** The object of that name. */
export function objectNamed(name: string): ObjectDefinition | undefined {
  return BY_NAME.get(name);
}

/** The object that other products call so (`UserTypes`, `groupsusers`), in any spelling of case, spaces and underscores. */
export function objectOfAlias(name: string): ObjectDefinition | undefined {
  const plain = squash(name);
  return OBJECTS.find((definition) =>
    [definition.name, ...definition.aliases].some((alias) => squash(alias) === plain),
  );
}

function squash(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}

/** Preset names as configurations write them. */
export const PRESET_NAMES: readonly string[] = [...PRESETS, "all"];

/** The objects of a preset, in catalog order. */
export function objectsOf(preset: Preset | "all"): readonly ObjectDefinition[] {
  return preset === "all" ? OBJECTS : OBJECTS.filter((definition) => definition.preset === preset);
}

/** What a selection comes to. */
export interface ResolvedObjects {
  /** Parents before children, otherwise in catalog order. */
  readonly objects: readonly ObjectDefinition[];
  /** Objects that were selected by their own name, not by a preset. */
  readonly named: readonly string[];
  /** Objects that nobody selected but whose rows the selected ones are listed from. */
  readonly added: readonly string[];
}

/**
 * The objects that a list of presets and names stands for, with the parents they need.
 * @throws TerminalError CONFIG_INVALID for a name that is neither; the remedy names the likely one.
 */
export function resolveObjects(selection: string | readonly string[]): ResolvedObjects {
  const wanted = new Set<ObjectDefinition>();
  const named = new Set<string>();
  for (const name of typeof selection === "string" ? [selection] : selection) {
    if (isPreset(name)) {
      for (const definition of objectsOf(name)) wanted.add(definition);
      continue;
    }
    const definition = objectNamed(name) ?? unknown(name);
    wanted.add(definition);
    named.add(definition.name);
  }
  const added = new Set<string>();
  for (const definition of wanted) addParents(definition, wanted, added);
  return { objects: OBJECTS.filter((definition) => wanted.has(definition)), named: [...named], added: [...added] };
}

function addParents(definition: ObjectDefinition, wanted: Set<ObjectDefinition>, added: Set<string>): void {
  for (const parent of neededBy(definition)) {
    if (wanted.has(parent)) continue;
    wanted.add(parent);
    added.add(parent.name);
    addParents(parent, wanted, added);
  }
}

/** The objects under whose rows `definition` is listed; empty for a list of its own. */
export function parentsOf({ parent }: ObjectDefinition): readonly ObjectDefinition[] {
  return parent === undefined ? [] : [parent.object, ...(parent.also ?? [])].flatMap((name) => objectNamed(name) ?? []);
}

/** The objects whose rows the requests for `definition` are made from. */
export function neededBy(definition: ObjectDefinition): readonly ObjectDefinition[] {
  const times = definition.parent?.times && objectNamed(definition.parent.times.object);
  return times ? [...parentsOf(definition), times] : parentsOf(definition);
}

/** The objects that are listed under rows of `name`. */
export function childrenOf(name: string): readonly ObjectDefinition[] {
  return OBJECTS.filter(({ parent }) => parent?.object === name || parent?.also?.includes(name) === true);
}

function isPreset(name: string): name is Preset | "all" {
  return PRESET_NAMES.includes(name);
}

function unknown(name: string): never {
  const meant = objectOfAlias(name);
  const remedy = meant
    ? `Write ${meant.name}.`
    : `Presets: ${PRESET_NAMES.join(", ")}. Objects: ${OBJECTS.map((one) => one.name).join(", ")}.`;
  throw new TerminalError("CONFIG_INVALID", `There is no object or preset "${name}"`, { where: "objects", remedy });
}

/** An object whose rows end with a row of another, and the column that names it. */
export interface Dependant {
  readonly object: ObjectDefinition;
  readonly column: string;
}

/** The objects whose rows go when a row of `name` is proved gone. */
export function dependantsOf(name: string): readonly Dependant[] {
  return OBJECTS.flatMap((object) =>
    Object.entries(object.references ?? {})
      .filter(([, targets]) => [targets].flat().includes(name))
      .map(([column]) => ({ object, column })),
  );
}

/** A rule and the object that it concerns. */
export interface ObjectEventRule extends EventRule {
  readonly object: string;
}

/** Every System Log event type that touches one of the objects, with what it means for each. */
export function eventTypesFor(objects: readonly ObjectDefinition[]): ReadonlyMap<string, readonly ObjectEventRule[]> {
  const byType = new Map<string, ObjectEventRule[]>();
  for (const { name, events } of objects) {
    for (const rule of events) {
      for (const type of rule.types) byType.set(type, [...(byType.get(type) ?? []), { ...rule, object: name }]);
    }
  }
  return byType;
}

/** The object whose documents declare the profile attributes of `definition`; undefined when they are fixed. */
export function schemaObjectOf(definition: ObjectDefinition): ObjectDefinition | undefined {
  const kind = definition.profileSchema;
  return kind === undefined ? undefined : OBJECTS.find((object) => object.describesProfileOf === kind);
}
