import { definePolicies, ONE_POLICY_WRITES } from "../policies.js";

/** The session violation detection policy (Identity Engine). */
export const sessionViolationDetectionPolicies = definePolicies({
  name: "session_violation_detection_policies",
  aliases: ["SessionViolationDetectionPolicies"],
  summary: "The session violation detection policy (Identity Engine)",
  // Not among the types that the list's specification names; orgs answer it all the same (recorded traffic).
  type: "SESSION_VIOLATION_DETECTION",
  identityEngine: true,
  writes: ONE_POLICY_WRITES,
});
