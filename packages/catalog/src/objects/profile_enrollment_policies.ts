import { defineObject } from "../definition.js";
import {
  identityEngineList,
  POLICY_COLUMNS,
  POLICY_EVENTS,
  POLICY_GET,
  POLICY_ROLES,
  POLICY_SCOPES,
  POLICY_WRITES,
} from "../policies.js";

/** Profile enrolment policies: self-service registration and progressive profiling (Identity Engine). */
export const profileEnrollmentPolicies = defineObject({
  name: "profile_enrollment_policies",
  aliases: ["ProfileEnrollmentPolicies"],
  preset: "config",
  summary: "Profile enrolment policies: self-service registration and progressive profiling (Identity Engine)",
  openApi: "Policy",
  list: identityEngineList("PROFILE_ENROLLMENT"),
  get: POLICY_GET,
  only: { path: ["type"], value: "PROFILE_ENROLLMENT" },
  key: ["id"],
  columns: POLICY_COLUMNS,
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: POLICY_WRITES,
});
