import { definePolicies, ONE_POLICY_WRITES } from "../policies.js";

/** The entity risk policy (Identity Engine with Identity Threat Protection). */
export const entityRiskPolicies = definePolicies({
  name: "entity_risk_policies",
  aliases: ["EntityRiskPolicies"],
  summary: "The entity risk policy (Identity Engine with Identity Threat Protection)",
  type: "ENTITY_RISK",
  identityEngine: true,
  writes: ONE_POLICY_WRITES,
});
