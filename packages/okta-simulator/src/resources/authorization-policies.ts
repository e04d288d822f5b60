import { instantText, type JsonObject, objectAt } from "../json.js";
import { refuseSystem } from "./authorization-claims.js";
import { API_ACCESS, seededServer, serverOf, serverPath } from "./authorization-servers.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";

const POLICIES = "/api/v1/authorizationServers/{authServerId}/policies";
const DAY_MS = 86_400_000;

/** Behind the others where the body names no place. */
function last(body: JsonObject, name: string, { resources, ancestors }: ResourceContext): JsonObject {
  return { priority: body["priority"] ?? resources.list(resources.named(name), ancestors).length + 1 };
}

function times({ org }: ResourceContext): JsonObject {
  return { created: instantText(org.newest - 300 * DAY_MS), lastUpdated: instantText(org.newest - 100 * DAY_MS) };
}

/** Links of a policy or rule: those of what it is (recorded traffic). */
function links(item: JsonObject, href: string): JsonObject {
  const verb = item["status"] === "ACTIVE" ? "deactivate" : "activate";
  return {
    self: { href, hints: { allow: ["GET", "PUT", "DELETE"] } },
    ...(item["system"] === true ? {} : { [verb]: { href: `${href}/lifecycle/${verb}`, hints: { allow: ["POST"] } } }),
  };
}

/** Policies of authorization servers: their events are those of all policies. */
export const authorizationServerPolicies = defineResource({
  name: "authorization_server_policies",
  kind: "PolicyEntity",
  path: POLICIES,
  ancestors: { authServerId: "authorization_servers" },
  prefix: "00p",
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  create: {
    status: 201,
    required: ["name"],
    make: (body, context) => ({
      type: "OAUTH_AUTHORIZATION_POLICY",
      description: "",
      conditions: { clients: { include: ["ALL_CLIENTS"] } },
      ...body,
      ...last(body, "authorization_server_policies", context),
      status: body["status"] ?? "ACTIVE",
      system: false,
    }),
    event: "policy.lifecycle.create",
  },
  replace: { status: 200, required: ["name"], event: "policy.lifecycle.update" },
  remove: { status: 204, check: refuseSystem, event: "policy.lifecycle.delete" },
  actions: lifecycle({
    activate: "policy.lifecycle.activate",
    deactivate: "policy.lifecycle.deactivate",
    answers: { status: 204 },
  }),
  shown: (item, context) => {
    const href = `${context.base}${serverPath(serverOf(context))}/policies/${String(item["id"])}`;
    return { ...item, _links: { ...links(item, href), rules: { href: `${href}/rules`, hints: { allow: ["GET"] } } } };
  },
  // Those that the org began with have one policy each; a new server has none.
  seed: (context) => {
    const server = seededServer(context);
    if (server < 0) return [];
    return [
      {
        id: seedId(context, "00p", 0),
        status: "ACTIVE",
        name: server === 0 ? "Default Policy" : "Partners",
        description: server === 0 ? "Default policy for the default server" : "",
        priority: 1,
        system: server === 0,
        conditions: { clients: { include: ["ALL_CLIENTS"] } },
        ...times(context),
        type: "OAUTH_AUTHORIZATION_POLICY",
      },
    ];
  },
});

/** Rules of those policies (recorded traffic: what a body leaves out of the conditions comes back empty). */
export const authorizationServerPolicyRules = defineResource({
  name: "authorization_server_policy_rules",
  kind: "PolicyRule",
  path: `${POLICIES}/{policyId}/rules`,
  ancestors: { authServerId: "authorization_servers", policyId: "authorization_server_policies" },
  prefix: "0pr",
  scope: "okta.authorizationServers",
  feature: API_ACCESS,
  create: {
    status: 201,
    required: ["name"],
    make: (body, context) => ({
      ...rule(body),
      ...last(body, "authorization_server_policy_rules", context),
      status: body["status"] ?? "ACTIVE",
      system: false,
    }),
    event: "policy.rule.add",
  },
  replace: {
    status: 200,
    required: ["name"],
    make: (body, _, before = {}) => ({
      ...before,
      ...rule(body),
      status: body["status"] ?? before["status"],
      system: before["system"],
    }),
    event: "policy.rule.update",
  },
  remove: { status: 204, check: refuseSystem, event: "policy.rule.delete" },
  actions: lifecycle({
    activate: "policy.rule.activate",
    deactivate: "policy.rule.deactivate",
    answers: { status: 204 },
  }),
  // The policy, then the rule, whose alternate id is the policy's (recorded events).
  targets: (item, { resources, ancestors }) => {
    const policyId = ancestors["policyId"] ?? "";
    const policy = resources.find(authorizationServerPolicies, ancestors, policyId);
    return [
      { id: policyId, type: "PolicyEntity", displayName: String(policy?.["name"] ?? "unknown") },
      { id: String(item["id"]), type: "PolicyRule", alternateId: policyId, displayName: String(item["name"]) },
    ];
  },
  shown: (item, context) => {
    const path = `${serverPath(serverOf(context))}/policies/${context.ancestors["policyId"]}/rules`;
    return { ...item, _links: links(item, `${context.base}${path}/${String(item["id"])}`) };
  },
  seed: (context) => {
    const server = seededServer(context);
    const own = { ...context, ancestors: { authServerId: context.ancestors["authServerId"] ?? "" } };
    if (server < 0 || context.ancestors["policyId"] !== seedId(own, "00p", 0)) return [];
    const names = server === 0 ? ["Default Policy Rule"] : ["By day", "Else"];
    return names.map((name, n) => ({
      id: seedId(context, "0pr", n),
      status: "ACTIVE",
      name,
      priority: n + 1,
      ...times(context),
      system: server === 0,
      ...rule({
        conditions: {
          people: { groups: { include: [context.org.groups.id(0)] } },
          grantTypes: { include: ["implicit", "client_credentials", "authorization_code"] },
          scopes: { include: ["*"] },
        },
      }),
    }));
  },
});

function rule(body: JsonObject): JsonObject {
  const conditions = objectAt(body, "conditions");
  const people = objectAt(conditions, "people");
  return {
    ...body,
    conditions: {
      people: {
        users: { exclude: [], ...objectAt(people, "users") },
        groups: { include: [], ...objectAt(people, "groups") },
      },
      grantTypes: { include: [], ...objectAt(conditions, "grantTypes") },
      scopes: { include: [], ...objectAt(conditions, "scopes") },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: 60,
        refreshTokenLifetimeMinutes: 0,
        refreshTokenWindowMinutes: 10_080,
        ...objectAt(body["actions"], "token"),
      },
    },
    type: "RESOURCE_ACCESS",
  };
}
