import { paths } from "../columns.js";
import { definePolicies, POLICY_WRITES } from "../policies.js";

/** Global session policies (sign-on policies of a Classic org). */
export const oktaSignOnPolicies = definePolicies({
  name: "okta_sign_on_policies",
  aliases: ["OktaSignOnPolicies"],
  summary: "Global session policies (sign-on policies of a Classic org)",
  type: "OKTA_SIGN_ON",
  sets: paths("conditions.people.groups.include"),
  writes: POLICY_WRITES,
});
