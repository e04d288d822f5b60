import { defineObject } from "../definition.js";
import {
  identityEngineList,
  ONE_POLICY_WRITES,
  POLICY_COLUMNS,
  POLICY_EVENTS,
  POLICY_GET,
  POLICY_ROLES,
  POLICY_SCOPES,
} from "../policies.js";

/** The entity risk policy (Identity Engine with Identity Threat Protection). */
export const entityRiskPolicies = defineObject({
  name: "entity_risk_policies",
  aliases: ["EntityRiskPolicies"],
  preset: "config",
  summary: "The entity risk policy (Identity Engine with Identity Threat Protection)",
  openApi: "Policy",
  list: identityEngineList("ENTITY_RISK"),
  get: POLICY_GET,
  only: { path: ["type"], value: "ENTITY_RISK" },
  key: ["id"],
  columns: POLICY_COLUMNS,
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: ONE_POLICY_WRITES,
});
