import { json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";
import {
  POLICY_COLUMNS,
  POLICY_EVENTS,
  POLICY_GET,
  POLICY_ROLES,
  POLICY_SCOPES,
  POLICY_WRITES,
  policyList,
} from "../policies.js";

/** Authenticator enrolment policies (factor enrolment in a Classic org). */
export const mfaEnrollPolicies = defineObject({
  name: "mfa_enroll_policies",
  aliases: ["MFAEnrollPolicies", "AuthenticatorEnrollmentPolicies"],
  preset: "config",
  summary: "Authenticator enrolment policies (factor enrolment in a Classic org)",
  openApi: "Policy",
  list: policyList("MFA_ENROLL"),
  get: POLICY_GET,
  only: { path: ["type"], value: "MFA_ENROLL" },
  key: ["id"],
  columns: [
    ...POLICY_COLUMNS,
    text("settings.type"),
    json("settings.authenticators"),
    // A Classic org's form, keyed by factor (recorded traffic; the specification lacks it).
    json("settings.factors"),
  ],
  sets: paths(
    "conditions.people.groups.include",
    "settings.authenticators",
    "settings.authenticators.constraints.aaguidGroups",
  ),
  children: [
    {
      name: "mfa_enroll_policy_authenticators",
      path: ["settings", "authenticators"],
      parentColumns: { policy_id: "id" },
      // Custom authenticators share one `key` and differ by id, which the others lack (recorded traffic).
      positionColumn: "position",
      key: ["policy_id", "position"],
      columns: [
        text("key", { name: "authenticator_key" }),
        text("id", { name: "authenticator_id" }),
        text("enroll.self"),
        json("constraints"),
      ],
      indexes: [["authenticator_key"]],
    },
  ],
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: POLICY_WRITES,
});
