import { boolean, instant, integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";
import { POLICY_OBJECTS, POLICY_ROLES, POLICY_SCOPES, POLICY_WRITES } from "../policies.js";

const [firstPolicies, ...otherPolicies] = POLICY_OBJECTS;

/** Rules of the policies of every type, the default rules included. What a rule says depends on its type. */
export const policyRules = defineObject({
  name: "policy_rules",
  aliases: ["PolicyRules"],
  preset: "config",
  summary: "Rules of the policies of every type, default rules included",
  openApi: "PolicyRule",
  list: { path: "/api/v1/policies/{policy_id}/rules", pageSize: 0 },
  get: { path: "/api/v1/policies/{policy_id}/rules/{id}" },
  parent: { object: firstPolicies, also: otherPolicies, columns: { policy_id: "id" } },
  key: ["policy_id", "id"],
  indexes: [["id"]],
  columns: [
    text("id"),
    // SIGN_ON under an OKTA_SIGN_ON policy, else the policy's own type (recorded traffic).
    text("type"),
    text("name"),
    text("status"),
    integer("priority"),
    boolean("system"),
    // Null for default rules and in the answers to some writes (recorded traffic).
    instant("created"),
    instant("lastUpdated"),
    json("conditions"),
    json("actions"),
  ],
  sets: paths(
    "conditions.people.users.include",
    "conditions.people.users.exclude",
    "conditions.people.groups.include",
    "conditions.people.groups.exclude",
    "conditions.network.include",
    "conditions.network.exclude",
    "conditions.userType.include",
    "conditions.userType.exclude",
    "conditions.device.assurance.include",
    "conditions.risk.behaviors",
    "conditions.riskDetectionTypes.include",
    "conditions.riskDetectionTypes.exclude",
    "conditions.identityProvider.idpIds",
    "conditions.app.include",
    "conditions.app.exclude",
    "conditions.platform.include",
    "conditions.platform.exclude",
    // The same list comes in another order without a change (recorded traffic).
    "actions.selfServicePasswordReset.requirement.primary.methods",
    "actions.selfServicePasswordReset.requirement.stepUp.methods",
  ),
  incremental: { how: "log" },
  events: [
    // One rule's new place moves the others, so the policy's rules are listed again, which takes one request. A policy
    // of an authorization server writes the same events: its rules are not found here, and nothing is stored of them.
    {
      types: [
        "policy.rule.add",
        "policy.rule.update",
        "policy.rule.activate",
        "policy.rule.deactivate",
        "policy.rule.delete",
        "policy.rule.invalidate",
        // A new or copied policy has rules from the start.
        "policy.lifecycle.create",
        "policy.lifecycle.overwrite",
        "policy.branch.lifecycle.promote",
        "policy.branch.lifecycle.rollback",
        // Their targets are not documented.
        "application.policy.sign_on.rule.create",
        "application.policy.sign_on.rule.delete",
        "application.policy.sign_on.update",
      ],
      effect: "scope",
      key: { policy_id: "PolicyEntity" },
    },
  ],
  references: { policy_id: POLICY_OBJECTS },
  scopes: POLICY_SCOPES,
  adminRoles: POLICY_ROLES,
  writes: POLICY_WRITES,
});
