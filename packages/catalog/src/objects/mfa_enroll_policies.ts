import { json, paths, text } from "../columns.js";
import { definePolicies, POLICY_WRITES } from "../policies.js";

/** Authenticator enrolment policies (factor enrolment in a Classic org). */
export const mfaEnrollPolicies = definePolicies({
  name: "mfa_enroll_policies",
  aliases: ["MFAEnrollPolicies", "AuthenticatorEnrollmentPolicies"],
  summary: "Authenticator enrolment policies (factor enrolment in a Classic org)",
  type: "MFA_ENROLL",
  columns: [
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
  writes: POLICY_WRITES,
});
