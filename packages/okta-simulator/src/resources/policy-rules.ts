import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import { defineResource, type Effects, type ResourceContext } from "./definition.js";
import { lifecycleLink, link, setStatus } from "./lifecycle.js";
import { policies, policyTarget } from "./policies.js";
import { ruleSeeds } from "./policy-rule-seeds.js";
import { movedBy, placeFor, type PolicyType, policyTypeOf, refuseSystem, writable } from "./policy-types.js";

function policyOf({ resources, ancestors }: ResourceContext): JsonObject {
  const policy = resources.find(policies, {}, ancestors["policyId"] ?? "");
  if (!policy) throw oktaError("E0000007", { arg: `Resource not found: ${ancestors["policyId"] ?? ""} (Policy)` });
  return policy;
}

function typeOf(context: ResourceContext): PolicyType {
  return policyTypeOf(policyOf(context)["type"], context);
}

function siblings(context: ResourceContext): readonly JsonObject[] {
  return context.resources.list(policyRules, context.ancestors);
}

/** A catch-all rule stays at 99 (recorded traffic); another default rule comes right after the rest. */
function moveOthers(gone: boolean): (item: JsonObject, effects: Effects) => void {
  return (item, effects) => {
    const { identityEngine, firstRule } = typeOf(effects);
    const place = { first: firstRule, gone, ...(identityEngine ? { system: 99 } : {}) };
    for (const moved of movedBy(item, siblings(effects), place)) {
      effects.resources.put({ definition: policyRules, ancestors: effects.ancestors }, moved);
    }
  };
}

function priorityFor(body: JsonObject, context: ResourceContext, before?: JsonObject): number {
  if (before?.["system"] === true) return Number(before["priority"]);
  const others = siblings(context).filter((one) => one["system"] !== true && one["id"] !== before?.["id"]);
  return placeFor(body["priority"] ?? before?.["priority"], { first: typeOf(context).firstRule, count: others.length });
}

function checkName(body: JsonObject, context: ResourceContext, before?: JsonObject): void {
  if (siblings(context).some((one) => one["name"] === body["name"] && one["id"] !== before?.["id"]))
    throw oktaError("E0000001", { arg: "name", causes: ["name: Policy rule name already in use"] });
}

/** Rules of a policy. Those of the system come with it. */
export const policyRules = defineResource({
  name: "policy_rules",
  kind: "PolicyRule",
  path: "/api/v1/policies/{policyId}/rules",
  ancestors: { policyId: "policies" },
  prefix: (_, context) => (typeOf(context).identityEngine ? "rul" : "0pr"),
  scope: "okta.policies",
  // In one answer, without a Link header (recorded traffic).
  list: {},
  create: {
    status: 200,
    required: ["name"],
    check: (body, context) => {
      if (!typeOf(context).rules)
        throw oktaError("E0000001", { arg: "policy", causes: ["policy: Rules cannot be added to this policy."] });
      checkName(body, context);
    },
    make: (body, context) => ({
      status: body["status"] === "INACTIVE" ? "INACTIVE" : "ACTIVE",
      conditions: null,
      ...writable(body),
      priority: priorityFor(body, context),
      system: false,
      type: typeOf(context).ruleType,
    }),
    follow: moveOthers(false),
    event: "policy.rule.add",
  },
  replace: {
    status: 200,
    required: ["name"],
    check: (body, context, before) => {
      if (typeOf(context).fixedDefault) refuseSystem("rule", before);
      checkName(body, context, before);
    },
    make: (body, context, before) => ({
      status: before?.["status"],
      created: before?.["created"],
      system: before?.["system"],
      type: before?.["type"],
      conditions: null,
      ...writable(body),
      // Nobody gives the default rule conditions (Okta docs).
      ...(before?.["system"] === true ? { conditions: before["conditions"], name: before["name"] } : {}),
      priority: priorityFor(body, context, before),
    }),
    follow: moveOthers(false),
    event: "policy.rule.update",
  },
  remove: {
    status: 204,
    check: (_, __, before) => refuseSystem("rule", before),
    follow: moveOthers(true),
    event: "policy.rule.delete",
  },
  actions: {
    activate: { status: 204, make: setStatus("ACTIVE"), event: "policy.rule.activate" },
    deactivate: {
      status: 204,
      check: (_, __, before) => refuseSystem("rule", before),
      make: setStatus("INACTIVE"),
      event: "policy.rule.deactivate",
    },
  },
  // The policy, then the rule, whose alternate id is the policy's id (recorded events).
  targets: (item, context) => [
    policyTarget(policyOf(context)),
    {
      id: String(item["id"]),
      type: "PolicyRule",
      alternateId: context.ancestors["policyId"] ?? "unknown",
      displayName: String(item["name"]),
    },
  ],
  shown: (item, { base, ancestors }) => {
    const href = `${base}/api/v1/policies/${ancestors["policyId"] ?? ""}/rules/${String(item["id"])}`;
    const system = item["system"] === true;
    return {
      ...item,
      _links: {
        self: link(href, "GET", "PUT", ...(system ? [] : ["DELETE"])),
        ...(system ? {} : lifecycleLink(item, href)),
      },
    };
  },
  seed: (context) => ruleSeeds(policyOf(context), context),
});
