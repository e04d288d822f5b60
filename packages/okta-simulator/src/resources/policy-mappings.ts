import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import { appTarget } from "../org/targets.js";
import { defineResource, type Effects, type ResourceContext, seedId } from "./definition.js";
import { link } from "./lifecycle.js";
import { policies, policyTarget } from "./policies.js";
import { MAPPED_POLICIES } from "./policy-seeds.js";

function policyOf({ resources, ancestors }: ResourceContext): JsonObject | undefined {
  return resources.find(policies, {}, ancestors["policyId"] ?? "");
}

/** An application has one policy of a type: its new mapping ends the old one, without an event (none is in the catalogue). */
function endOthers(item: JsonObject, effects: Effects): void {
  const own = policyOf(effects);
  for (const policy of effects.resources.list(policies, {})) {
    if (policy["type"] !== own?.["type"]) continue;
    const ancestors = { policyId: String(policy["id"]) };
    for (const other of effects.resources.list(policyMappings, ancestors)) {
      if (other["resourceId"] === item["resourceId"] && other["id"] !== item["id"])
        effects.resources.end({ definition: policyMappings, ancestors }, String(other["id"]));
    }
  }
}

/** Which application a policy holds for. */
export const policyMappings = defineResource({
  name: "policy_mappings",
  kind: "PolicyMapping",
  path: "/api/v1/policies/{policyId}/mappings",
  ancestors: { policyId: "policies" },
  // Not documented.
  prefix: "rma",
  scope: "okta.policies",
  list: {},
  stamps: null,
  hidden: ["resourceId"],
  create: {
    status: 200,
    required: ["resourceId"],
    check: (body, context) => {
      const type = policyOf(context)?.["type"];
      if (type !== "ACCESS_POLICY" && type !== "PROFILE_ENROLLMENT")
        throw oktaError("E0000001", { arg: "policy", causes: ["policy: Resources cannot be mapped to this policy."] });
      const app = String(body["resourceId"]);
      if (!context.org.apps.find(app)) throw oktaError("E0000007", { arg: `Resource not found: ${app} (AppInstance)` });
    },
    make: (body) => ({ resourceId: body["resourceId"] }),
    follow: endOthers,
    event: "policy.mapping.create",
  },
  remove: { status: 204, event: null },
  present: (item, { org }) => org.apps.find(String(item["resourceId"])) !== undefined,
  // Not documented beyond the policy.
  targets: (item, context) => {
    const policy = policyOf(context);
    const app = context.org.apps.find(String(item["resourceId"]));
    return [...(policy ? [policyTarget(policy)] : []), ...(app ? [appTarget(app)] : [])];
  },
  shown: (item, { base, ancestors }) => {
    const href = `${base}/api/v1/policies/${ancestors["policyId"] ?? ""}`;
    return {
      ...item,
      _links: {
        self: link(`${href}/mappings/${String(item["id"])}`, "GET", "DELETE"),
        application: link(`${base}/api/v1/apps/${String(item["resourceId"])}`, "GET"),
        policy: link(href, "GET", "PUT"),
      },
    };
  },
  // Applications that came later have no mapping until somebody makes one: what Okta does then is not documented.
  seed: (context) => {
    const { org, ancestors } = context;
    const number = org.ids.decode("rst", ancestors["policyId"] ?? "");
    const share = MAPPED_POLICIES.indexOf(number);
    if (share < 0) return [];
    return [...org.apps.all()]
      .filter((app) => app.created <= org.newest && app.index % MAPPED_POLICIES.length === share)
      .map((app) => ({ id: seedId(context, "rma", app.index), resourceId: app.id }));
  },
});
