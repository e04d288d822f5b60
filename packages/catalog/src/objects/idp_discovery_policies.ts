import { defineObject } from "../definition.js";
import {
  ONE_POLICY_WRITES,
  POLICY_COLUMNS,
  POLICY_EVENTS,
  POLICY_GET,
  POLICY_ROLES,
  POLICY_SCOPES,
  policyList,
} from "../policies.js";

/** The identity provider routing policy, whose rules carry the content. */
export const idpDiscoveryPolicies = defineObject({
  name: "idp_discovery_policies",
  aliases: ["IDPDiscoveryPolicies"],
  preset: "config",
  summary: "The identity provider routing policy, whose rules carry the content",
  openApi: "Policy",
  list: policyList("IDP_DISCOVERY"),
  get: POLICY_GET,
  only: { path: ["type"], value: "IDP_DISCOVERY" },
  key: ["id"],
  columns: POLICY_COLUMNS,
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: ONE_POLICY_WRITES,
});
