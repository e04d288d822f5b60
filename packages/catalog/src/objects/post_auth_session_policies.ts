import { definePolicies, ONE_POLICY_WRITES } from "../policies.js";

/** The session protection policy (Identity Engine with Identity Threat Protection). */
export const postAuthSessionPolicies = definePolicies({
  name: "post_auth_session_policies",
  aliases: ["PostAuthSessionPolicies", "SessionProtectionPolicies"],
  summary: "The session protection policy (Identity Engine with Identity Threat Protection)",
  type: "POST_AUTH_SESSION",
  identityEngine: true,
  writes: ONE_POLICY_WRITES,
});
