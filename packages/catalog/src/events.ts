import { OBJECTS } from "./objects.js";

/**
 * Event types, or their beginnings (ending in `.` or `_`), that need no rule: they change nothing that a table holds.
 * Sign-ins, decisions, messages, warnings, jobs on their way, and what Okta's API does not show (Okta docs, event types).
 */
const WITHOUT_TRACE: readonly string[] = [
  "user.session.",
  "user.authentication.",
  "user.mfa.attempt_bypass",
  "user.mfa.okta_verify",
  "user.mfa.okta_verify.",
  "user.mfa.promote_enrollment",
  "user.risk.detect",
  "user.credential.enroll",
  "user.account.access_support_user_app",
  "user.account.preference_update",
  "user.account.report_suspicious_activity_by_enduser",
  "user.account.subscriptions.update",
  "user.account.unlock_failure",
  "user.account.unlock_token",
  "user.account.use_token",
  "user.lifecycle.jit.error.read_only",
  "policy.evaluate_sign_on",
  "policy.rule.action.execute",
  "app.app_instance.provision_sync_job.",
  "app.interclient_mapping.",
  "app.oauth2.client.read_client_secret",
  "application.appuser.mapping.invalid.expression",
  "application.configuration.",
  "application.policy.sign_on.deny_access",
  "application.provision.group_push.",
  "application.provision.user.delete.schedule",
  "application.provision.user.push_okta_password",
  "application.provision.user.push_password",
  "application.registration_policy.lifecycle.",
  "application.user_membership.show_password",
  "core.concurrency.org.limit.violation",
  "device.platform.",
  "directory.realm.assignment.execution_",
  "event_hook.delivery",
  "iam.policy.",
  "network_zone.rule.disabled",
  "pki.",
  "resource.collection.",
  "resource.entitlement.",
  "resource.label.",
  "scheduled_action.user_suspension.",
  "security.device.",
  "security.events.provider.receive_event",
  // Who reads the streams of the transmitter sees its own client's alone (Okta docs): they are no list of the org's.
  "security.events.transmitter.",
  "security.session_protection.status.update",
  "support.org.",
  "system.agent.ldap.create_user_JIT",
  "system.api_token.request_outside_allowed_range",
  "system.client.",
  "system.idp.lifecycle.read_client_secret",
  "system.mfa.preregister.initiate",
  "system.org.rate_limit.",
];

/**
 * Types, or their beginnings, whose changes are found otherwise: by the time filter of users, groups and devices, by
 * members' parents, or by lists that every run compares whole.
 */
const FOUND_OTHERWISE: readonly string[] = [
  "account.user.classify",
  "app.user_management",
  "app.user_management.",
  "device.lifecycle.",
  "directory.user_profile.",
  "group.application_assignment.skip_assignment_reconcile",
  "group.lifecycle.create",
  "group.profile.update",
  "group.user_membership.rule.",
  "master_application.user_membership.add",
  "system.identity_sources.",
  "system.import.",
  "user.account.",
  "user.import.password",
  "user.lifecycle.",
];

/** Event types that no rule of the catalog reads, on purpose. */
export const IRRELEVANT_EVENTS: readonly string[] = [...WITHOUT_TRACE, ...FOUND_OTHERWISE];

/** The event types of the catalog's rules. */
function mappedTypes(): ReadonlySet<string> {
  return new Set(OBJECTS.flatMap(({ events }) => events.flatMap(({ types }) => types)));
}

let mapped: ReadonlySet<string> | undefined;

/** False for an event type that nobody declared, neither as a change of an object nor as irrelevant: Okta adds some every month. */
export function isKnownEvent(type: string): boolean {
  mapped ??= mappedTypes();
  return (
    mapped.has(type) ||
    IRRELEVANT_EVENTS.some((known) => type === known || (/[._]$/.test(known) && type.startsWith(known)))
  );
}
