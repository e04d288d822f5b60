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

/** The session violation detection policy (Identity Engine). */
export const sessionViolationDetectionPolicies = defineObject({
  name: "session_violation_detection_policies",
  aliases: ["SessionViolationDetectionPolicies"],
  preset: "config",
  summary: "The session violation detection policy (Identity Engine)",
  openApi: "Policy",
  // Not among the types that the list's specification names; orgs answer it all the same (recorded traffic).
  list: identityEngineList("SESSION_VIOLATION_DETECTION"),
  get: POLICY_GET,
  only: { path: ["type"], value: "SESSION_VIOLATION_DETECTION" },
  key: ["id"],
  columns: POLICY_COLUMNS,
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: ONE_POLICY_WRITES,
});
