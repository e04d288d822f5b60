import { text } from "../columns.js";
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

/** App sign-in policies (Identity Engine). */
export const accessPolicies = defineObject({
  name: "access_policies",
  aliases: ["AccessPolicies", "AppSignInPolicies", "AuthenticationPolicies"],
  preset: "config",
  summary: "App sign-in policies (Identity Engine)",
  openApi: "Policy",
  list: identityEngineList("ACCESS_POLICY"),
  get: POLICY_GET,
  only: { path: ["type"], value: "ACCESS_POLICY" },
  key: ["id"],
  // What the policy guards, APP or END_USER_ACCOUNT_MANAGEMENT; the list alone tells it (recorded traffic).
  columns: [...POLICY_COLUMNS, text("_embedded.resourceType", { name: "resource_type" })],
  incremental: { how: "log" },
  events: [
    ...POLICY_EVENTS,
    // Which policy it names is not documented.
    { types: ["app.policy.sign_on.update"], effect: "whole", key: {} },
  ],
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: POLICY_WRITES,
});
