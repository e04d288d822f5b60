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

/** The session protection policy (Identity Engine with Identity Threat Protection). */
export const postAuthSessionPolicies = defineObject({
  name: "post_auth_session_policies",
  aliases: ["PostAuthSessionPolicies", "SessionProtectionPolicies"],
  preset: "config",
  summary: "The session protection policy (Identity Engine with Identity Threat Protection)",
  openApi: "Policy",
  list: identityEngineList("POST_AUTH_SESSION"),
  get: POLICY_GET,
  only: { path: ["type"], value: "POST_AUTH_SESSION" },
  key: ["id"],
  columns: POLICY_COLUMNS,
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: ONE_POLICY_WRITES,
});
