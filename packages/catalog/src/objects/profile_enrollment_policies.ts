import { definePolicies, POLICY_WRITES } from "../policies.js";

/** Profile enrolment policies: self-service registration and progressive profiling (Identity Engine). */
export const profileEnrollmentPolicies = definePolicies({
  name: "profile_enrollment_policies",
  aliases: ["ProfileEnrollmentPolicies"],
  summary: "Profile enrolment policies: self-service registration and progressive profiling (Identity Engine)",
  type: "PROFILE_ENROLLMENT",
  identityEngine: true,
  writes: POLICY_WRITES,
});
