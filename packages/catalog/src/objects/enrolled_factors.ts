import { instant, json, paths, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/**
 * The factors that users have enrolled. Okta lists only those that the user's enrolment policy allows, and evaluates
 * it with the caller's network zone (OpenAPI spec).
 */
export const enrolledFactors = defineObject({
  name: "enrolled_factors",
  aliases: ["EnrolledFactors", "Factors", "UserFactors"],
  preset: "per-user",
  summary: "Factors that users have enrolled, with the profile of every factor type",
  openApi: "UserFactor",
  list: { path: "/api/v1/users/{user_id}/factors", pageSize: 0 },
  get: { path: "/api/v1/users/{user_id}/factors/{id}" },
  parent: { object: "users", columns: { user_id: "id" } },
  key: ["user_id", "id"],
  columns: [
    text("id"),
    text("factorType"),
    text("provider"),
    text("vendorName"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    // token:hotp
    text("factorProfileId"),
    // The whole, for what a factor type has beside the columns below.
    json("profile"),
    // question
    text("profile.question"),
    text("profile.questionText"),
    // sms and call
    text("profile.phoneNumber"),
    text("profile.phoneExtension"),
    // email
    text("profile.email"),
    // push, signed_nonce, token, token:hardware, token:software:totp, u2f, web, webauthn
    text("profile.credentialId"),
    // push and signed_nonce
    text("profile.deviceToken"),
    text("profile.deviceType"),
    text("profile.name"),
    text("profile.platform"),
    text("profile.version"),
    json("profile.keys"),
    // webauthn
    text("profile.authenticatorName"),
  ],
  secrets: [
    ...paths("profile.answer", "profile.sharedSecret", "profile.passCode"),
    ...paths("verify", "answer", "sharedSecret", "passCode", "nextPassCode"),
    ...privateKeyMembers("profile.keys"),
  ],
  listingHides: true,
  incremental: { how: "log" },
  events: [
    // Targets: the enrolment, by an id that is not always the factor's, and the user (event catalogue).
    {
      types: [
        "user.mfa.factor.activate",
        "user.mfa.factor.deactivate",
        "user.mfa.factor.update",
        "user.mfa.factor.suspend",
        "user.mfa.factor.unsuspend",
        "user.mfa.factor.reset_all",
        "device.user.add",
        "device.user.remove",
        // That a new user's mail address is enrolled and a deactivated one's factors go without an event for each is an
        // assumption; it costs one request.
        "user.lifecycle.activate",
        "user.lifecycle.deactivate",
      ],
      effect: "scope",
      key: { user_id: "User" },
      // The whole would be a request for each user of the org.
      onlyWithTargets: true,
    },
  ],
  references: { user_id: "users" },
  reconcileFactor: 7,
  scopes: ["okta.users.read"],
  adminRoles: ["READ_ONLY_ADMIN", "HELP_DESK_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
