import { paths } from "../columns.js";
import { defineObject } from "../definition.js";
import {
  POLICY_COLUMNS,
  POLICY_EVENTS,
  POLICY_GET,
  POLICY_ROLES,
  POLICY_SCOPES,
  POLICY_WRITES,
  policyList,
} from "../policies.js";

/** Global session policies (sign-on policies of a Classic org). */
export const oktaSignOnPolicies = defineObject({
  name: "okta_sign_on_policies",
  aliases: ["OktaSignOnPolicies"],
  preset: "config",
  summary: "Global session policies (sign-on policies of a Classic org)",
  openApi: "Policy",
  list: policyList("OKTA_SIGN_ON"),
  get: POLICY_GET,
  only: { path: ["type"], value: "OKTA_SIGN_ON" },
  key: ["id"],
  columns: POLICY_COLUMNS,
  sets: paths("conditions.people.groups.include"),
  incremental: { how: "log" },
  events: POLICY_EVENTS,
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: POLICY_WRITES,
});
