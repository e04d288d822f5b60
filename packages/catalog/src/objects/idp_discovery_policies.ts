import { definePolicies, ONE_POLICY_WRITES } from "../policies.js";

/** The identity provider routing policy, whose rules carry the content. */
export const idpDiscoveryPolicies = definePolicies({
  name: "idp_discovery_policies",
  aliases: ["IDPDiscoveryPolicies"],
  summary: "The identity provider routing policy, whose rules carry the content",
  type: "IDP_DISCOVERY",
  writes: ONE_POLICY_WRITES,
});
