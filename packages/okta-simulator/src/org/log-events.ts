import { instant, type Json, type JsonObject } from "../json.js";

/** Who did something, as the log names it. */
export interface Actor {
  readonly id: string;
  readonly type: "User" | "PublicClientApp" | "SystemPrincipal";
  readonly alternateId: string;
  readonly displayName: string;
  /** The API token's id (00T…), where one was used: `transaction.detail.requestApiTokenId` (Okta docs). */
  readonly tokenId?: string;
}

/** What something was done to. */
export interface Target {
  readonly id: string;
  /** `User`, `UserGroup`, `AppInstance`, `PolicyEntity` … (seen in real events); of many kinds no source tells it. */
  readonly type: string;
  readonly alternateId?: string;
  readonly displayName?: string;
  readonly detailEntry?: JsonObject;
  readonly changeDetails?: { readonly from: JsonObject; readonly to: JsonObject };
}

/** An event before the log writes it down. */
export interface Happening {
  readonly type: string;
  readonly targets: readonly Target[];
  readonly debugData?: Readonly<Record<string, Json>>;
  readonly outcome?: { readonly result: string; readonly reason?: string };
  /** JOB for what Okta does by itself: rules, reconciliation, imports. */
  readonly transaction?: "WEB" | "JOB";
}

/** The display text of the events that this org writes (event catalogue of the Okta docs). */
const MESSAGES: Readonly<Record<string, string>> = {
  "user.lifecycle.create": "Create Okta user",
  "user.lifecycle.activate": "Activate Okta user",
  "user.lifecycle.deactivate": "Deactivate Okta user",
  "user.lifecycle.reactivate": "Reactivate Okta user",
  "user.lifecycle.suspend": "Suspend Okta user",
  "user.lifecycle.unsuspend": "Unsuspend Okta user",
  "user.lifecycle.delete.initiated": "Delete Okta user initiated",
  "user.lifecycle.delete.completed": "Delete Okta user completed",
  "user.account.update_profile": "Update user profile for Okta",
  "user.account.update_user_type": "Fires when a user changes from one type to another",
  "user.account.update_primary_email": "User primary email updated",
  "user.account.update_password": "User update password for Okta",
  "user.account.reset_password": "User's Okta password has been reset",
  "user.account.expire_password": "Fired when the user's Okta password is expired",
  "user.account.lock": "Auto-lock user account for Okta",
  "user.account.unlock_by_admin": "User account unlock by admin",
  "user.account.privilege.grant": "A User's admin privileges changed",
  "user.account.privilege.revoke": "All of user's admin privilege revoked",
  "user.session.start": "User login to Okta",
  "user.mfa.factor.reset_all": "Reset all factors or authenticator enrollments for user",
  "group.lifecycle.create": "Create Okta group",
  "group.lifecycle.delete": "Delete Okta group",
  "group.profile.update": "Update Okta group profile",
  "group.user_membership.add": "Add user to group membership",
  "group.user_membership.remove": "Remove user from group membership",
  "group.user_membership.rule.trigger": "Group rule evaluation triggered",
  "group.user_membership.rule.deactivated": "Group rule deactivated",
  "group.user_membership.rule.invalidate": "Group rule became invalid",
  "group.application_assignment.add": "Assign application to group",
  "group.application_assignment.update": "Update application assignment to group",
  "group.application_assignment.remove": "Remove application from group",
  "application.lifecycle.create": "Create application",
  "application.lifecycle.update": "Update application",
  "application.lifecycle.activate": "Activate application",
  "application.lifecycle.deactivate": "Deactivate application",
  "application.lifecycle.delete": "Delete application",
  "application.user_membership.add": "Add user to application membership",
  "application.user_membership.update": "Update user in application membership",
  "application.user_membership.change_username": "Change user's application username",
  "application.user_membership.remove": "Remove user's application membership",
  "directory.non_default_user_profile.create": "Create a non default user profile",
  "directory.user_profile.update": "Update user profile",
  "directory.app_user_profile.bootstrap": "Bootstrap app user profile",
  "directory.app_user_profile.update": "Update app user profile",
};

const CLIENT: JsonObject = {
  userAgent: { rawUserAgent: "okta-admin/1.0", os: "Unknown", browser: "UNKNOWN" },
  zone: "null",
  device: "Unknown",
  id: null,
  ipAddress: "198.51.100.7",
  geographicalContext: {
    city: "Zürich",
    state: "Zurich",
    country: "Switzerland",
    postalCode: "8000",
    geolocation: { lat: 47.37, lon: 8.55 },
  },
};

/** The whole LogEvent (OpenAPI spec; an absent target list is null, not an empty array: Okta docs). */
export function eventJson(
  happening: Happening,
  by: { actor: Actor; published: number; uuid: string; transactionId: string },
): JsonObject {
  const { actor } = by;
  const targets = happening.targets.map((target): JsonObject => ({
    id: target.id,
    type: target.type,
    alternateId: target.alternateId ?? "unknown",
    displayName: target.displayName ?? "unknown",
    detailEntry: target.detailEntry ?? null,
    ...(target.changeDetails ? { changeDetails: { ...target.changeDetails } } : {}),
  }));
  return {
    actor: {
      id: actor.id,
      type: actor.type,
      alternateId: actor.alternateId,
      displayName: actor.displayName,
      detailEntry: null,
    },
    client: CLIENT,
    device: null,
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      rootSessionId: "unknown",
      externalSessionId: "unknown",
    },
    displayMessage: MESSAGES[happening.type] ?? happening.type,
    eventType: happening.type,
    outcome: { result: happening.outcome?.result ?? "SUCCESS", reason: happening.outcome?.reason ?? null },
    published: instant(by.published),
    securityContext: { asNumber: 64500, asOrg: "example", isp: "example", domain: "example.net", isProxy: false },
    severity: happening.outcome?.result === "FAILURE" ? "WARN" : "INFO",
    debugContext: {
      debugData: {
        requestId: by.transactionId,
        requestUri: "/api/v1",
        threatSuspected: "false",
        url: "/api/v1?",
        ...happening.debugData,
      },
    },
    legacyEventType: null,
    transaction: {
      type: happening.transaction ?? "WEB",
      id: by.transactionId,
      detail: actor.tokenId ? { requestApiTokenId: actor.tokenId } : {},
    },
    uuid: by.uuid,
    version: "0",
    request: { ipChain: [{ ip: "198.51.100.7", geographicalContext: null, version: "V4", source: null }] },
    target: targets.length === 0 ? null : targets,
  };
}
