import { linkedId, text } from "../columns.js";
import { defineObject } from "../definition.js";
import { POLICY_ROLES, POLICY_SCOPES } from "../policies.js";

/** The types whose policies link to mappings (recorded traffic). */
const [firstMapped, ...otherMapped] = [
  "access_policies",
  "profile_enrollment_policies",
  "okta_sign_on_policies",
  "password_policies",
  "mfa_enroll_policies",
] as const;

/** Which application (or other resource) a policy holds for. */
export const policyMappings = defineObject({
  name: "policy_mappings",
  aliases: ["PolicyMappings"],
  preset: "config",
  summary: "Which application or other resource a policy holds for",
  openApi: "PolicyMapping",
  list: {
    path: "/api/v1/policies/{policy_id}/mappings",
    pageSize: 0,
    // What a Classic org answers is not documented.
    noneOn: ["OKTA_BAD_REQUEST"],
  },
  get: { path: "/api/v1/policies/{policy_id}/mappings/{id}" },
  parent: { object: firstMapped, also: otherMapped, columns: { policy_id: "id" } },
  key: ["policy_id", "id"],
  indexes: [["application_id"]],
  columns: [
    text("id"),
    linkedId("_links.application.href", "application_id"),
    // The kinds of resources that can be mapped are not documented in full; Okta's documentation shows these.
    linkedId("_links.authenticator.href", "authenticator_id"),
  ],
  incremental: { how: "log" },
  events: [
    // No event tells the end of a mapping. It ends with its application, with its policy, or because the application
    // was mapped to another policy, and then the application's old mapping is read again.
    { types: ["policy.mapping.create"], effect: "scope", key: { policy_id: "PolicyEntity" } },
    {
      types: ["policy.mapping.create"],
      effect: "reference",
      key: { application_id: "AppInstance" },
      onlyWithTargets: true,
    },
    {
      types: ["policy.lifecycle.create", "policy.lifecycle.overwrite"],
      effect: "scope",
      key: { policy_id: "PolicyEntity" },
    },
  ],
  references: { policy_id: [firstMapped, ...otherMapped], application_id: "applications" },
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
