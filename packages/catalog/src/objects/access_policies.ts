import { text } from "../columns.js";
import { definePolicies, POLICY_WRITES } from "../policies.js";

/** App sign-in policies (Identity Engine). */
export const accessPolicies = definePolicies({
  name: "access_policies",
  aliases: ["AccessPolicies", "AppSignInPolicies", "AuthenticationPolicies"],
  summary: "App sign-in policies (Identity Engine)",
  type: "ACCESS_POLICY",
  identityEngine: true,
  // What the policy guards, APP or END_USER_ACCOUNT_MANAGEMENT; the list alone tells it (recorded traffic).
  columns: [text("_embedded.resourceType", { name: "resource_type" })],
  events: [
    // Which policy it names is not documented.
    { types: ["app.policy.sign_on.update"], effect: "whole", key: {} },
  ],
  writes: POLICY_WRITES,
});
