import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { Target } from "../org/log-events.js";
import { defineResource, type Effects, type ResourceContext } from "./definition.js";
import { lifecycleLink, link, setStatus } from "./lifecycle.js";
import { ACCOUNT_MANAGEMENT, policySeeds } from "./policy-seeds.js";
import { movedBy, placeFor, policyTypeOf, refuseSystem, writable } from "./policy-types.js";

/** As the log names a policy (recorded events); what `policyType` says is not documented. */
export function policyTarget(policy: JsonObject): Target {
  return {
    id: String(policy["id"]),
    type: "PolicyEntity",
    displayName: String(policy["name"]),
    detailEntry: { policyType: String(policy["type"]) },
  };
}

function ofType(context: ResourceContext, type: unknown): JsonObject[] {
  return context.resources.list(policies, {}).filter((item) => item["type"] === type);
}

function moveOthers(gone: boolean): (item: JsonObject, effects: Effects) => void {
  return (item, effects) => {
    if (!policyTypeOf(item["type"], effects).ordered) return;
    for (const moved of movedBy(item, ofType(effects, item["type"]), { first: 1, gone })) {
      effects.resources.put({ definition: policies, ancestors: {} }, moved);
    }
  };
}

/** The priority that a write gives; the default policy comes last whatever it asks for. */
function priorityFor(body: JsonObject, context: ResourceContext, before?: JsonObject): number {
  const { type, ordered } = policyTypeOf(before?.["type"] ?? body["type"], context);
  if (!ordered) return 1;
  if (before?.["system"] === true) return Number(before["priority"]);
  const others = ofType(context, type).filter((one) => one["system"] !== true && one["id"] !== before?.["id"]);
  return placeFor(body["priority"] ?? before?.["priority"], { first: 1, count: others.length });
}

function checkReadOnly(item?: JsonObject): void {
  if (item?.["name"] === ACCOUNT_MANAGEMENT) throw oktaError("E0000111", { arg: "policy" });
}

/** Policies of every type; each type is listed alone. */
export const policies = defineResource({
  name: "policies",
  kind: "Policy",
  path: "/api/v1/policies",
  prefix: (body, context) => (policyTypeOf(body["type"], context).identityEngine ? "rst" : "00p"),
  scope: "okta.policies",
  list: {
    // Neither default nor maximum is documented; 67 came on one page (recorded traffic).
    page: { fallback: 100, max: 200 },
    check: (query, context) => void policyTypeOf(query.get("type"), context),
    matches: (item, query) => {
      const q = query.get("q")?.toLowerCase() ?? "";
      const status = query.get("status");
      if (status !== null && item["status"] !== status) return false;
      return item["type"] === query.get("type") && String(item["name"]).toLowerCase().startsWith(q);
    },
    // The list has what the single policy lacks (recorded traffic).
    row: (item) => {
      if (item["type"] !== "ACCESS_POLICY") return item;
      const resourceType = item["name"] === ACCOUNT_MANAGEMENT ? "END_USER_ACCOUNT_MANAGEMENT" : "APP";
      return { ...item, _embedded: { resourceType } };
    },
  },
  create: {
    status: 200,
    required: ["type", "name"],
    check: (body, context) => {
      if (!policyTypeOf(body["type"], context).creatable)
        throw oktaError("E0000001", { arg: "type", causes: ["type: Policies of this type cannot be created."] });
    },
    make: (body, context) => ({
      status: "ACTIVE",
      system: false,
      conditions: null,
      ...writable(body),
      type: body["type"],
      ...(body["status"] === "INACTIVE" ? { status: "INACTIVE" } : {}),
      priority: priorityFor(body, context),
    }),
    follow: moveOthers(false),
    event: "policy.lifecycle.create",
  },
  replace: {
    status: 200,
    required: ["type", "name"],
    check: (_, __, before) => checkReadOnly(before),
    make: (body, context, before) => ({
      type: before?.["type"],
      system: before?.["system"],
      status: before?.["status"],
      created: before?.["created"],
      conditions: before?.["conditions"],
      ...writable(body),
      priority: priorityFor(body, context, before),
    }),
    follow: moveOthers(false),
    event: "policy.lifecycle.update",
  },
  remove: {
    status: 204,
    check: (_, __, before) => {
      refuseSystem("policy", before);
      checkReadOnly(before);
    },
    follow: moveOthers(true),
    event: "policy.lifecycle.delete",
  },
  actions: {
    activate: { status: 204, make: setStatus("ACTIVE"), event: "policy.lifecycle.activate" },
    deactivate: {
      status: 204,
      check: (_, __, before) => refuseSystem("policy", before),
      make: setStatus("INACTIVE"),
      event: "policy.lifecycle.deactivate",
    },
  },
  targets: (item) => [policyTarget(item)],
  shown: (item, { base }) => {
    const href = `${base}/api/v1/policies/${String(item["id"])}`;
    const mapped = !["IDP_DISCOVERY", "SESSION_VIOLATION_DETECTION"].includes(String(item["type"]));
    return {
      ...item,
      _links: {
        ...(mapped ? { mappings: link(`${href}/mappings`, "GET", "POST") } : {}),
        self: link(href, "GET", "PUT", ...(item["system"] === true ? [] : ["DELETE"])),
        rules: link(`${href}/rules`, "GET", "POST"),
        ...(item["system"] === true ? {} : lifecycleLink(item, href)),
      },
    };
  },
  seed: policySeeds,
});
