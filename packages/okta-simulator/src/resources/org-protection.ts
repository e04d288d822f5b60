import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import { mix } from "../generate/hash.js";
import { defineResource } from "./definition.js";
import { lifecycle, selfLink } from "./lifecycle.js";

/** What the org does about suspicious addresses. */
export const threatInsight = defineResource({
  name: "threat_insight",
  kind: "ThreatInsightConfiguration",
  path: "/api/v1/threats/configuration",
  single: true,
  scope: "okta.threatInsights",
  // Replaces the whole though it is a POST (Okta docs); what an absent list of zones does is not documented.
  update: {
    status: 200,
    required: ["action"],
    check: (body) => {
      if (!["none", "audit", "block"].includes(String(body["action"]))) throw oktaError("E0000001", { arg: "action" });
    },
    event: "security.threat.configuration.update",
  },
  shown: (item, context) => ({ ...item, _links: selfLink(context, "/api/v1/threats/configuration", ["GET", "POST"]) }),
  seed: () => [
    { action: "audit", excludeZones: [], created: "2023-10-07T06:36:55.000Z", lastUpdated: "2025-01-20T10:00:00.000Z" },
  ],
});

const RISKS: ReadonlySet<unknown> = new Set(["HIGH", "MEDIUM", "LOW"]);

/** Risk of a user: NONE until Okta or an administrator sees one. */
export const userRisk = defineResource({
  name: "user_risk",
  kind: "UserRisk",
  path: "/api/v1/users/{userId}/risk",
  ancestors: { userId: "users" },
  single: true,
  scope: "okta.userRisk",
  feature: "user-risk",
  stamps: null,
  // Recorded traffic: 201 for a user's first, 200 afterwards; here always 200.
  replace: {
    status: 200,
    required: ["riskLevel"],
    check: (body) => {
      if (!RISKS.has(body["riskLevel"])) throw oktaError("E0000001", { arg: "riskLevel" });
    },
    make: (body) => ({ riskLevel: body["riskLevel"] ?? null, reason: "Admin override risk" }),
    event: "user.risk.change",
  },
  targets: (_, { ancestors }) => [{ id: ancestors["userId"] ?? "", type: "User" }],
  shown: (item, context) => {
    const user = `/api/v1/users/${context.ancestors["userId"]}`;
    return {
      ...item,
      _links: {
        user: { href: `${context.base}${user}`, hints: { allow: ["GET"] } },
        ...selfLink(context, `${user}/risk`, ["GET", "PUT"]),
      },
    };
  },
  seed: ({ org, ancestors }) => {
    const hash = mix(org.seed, org.users.find(ancestors["userId"] ?? ""), 61) % 100;
    if (hash > 2) return [{ riskLevel: "NONE" }];
    return [{ riskLevel: ["HIGH", "MEDIUM", "LOW"][hash] ?? "LOW", reason: "Suspicious session" }];
  },
});

/** Services that send security signals. */
export const securityEventsProviders = defineResource({
  name: "security_events_providers",
  kind: "SecurityEventsProvider",
  path: "/api/v1/security-events-providers",
  prefix: "sse",
  scope: "okta.securityEventsProviders",
  feature: "security-events-providers",
  stamps: null,
  create: {
    status: 200,
    required: ["name", "settings", "type"],
    make: (body) => ({ ...body, status: "ACTIVE" }),
    event: "security.events.provider.create",
  },
  replace: { status: 200, required: ["name", "settings", "type"], event: "security.events.provider.update" },
  remove: { status: 204, event: "security.events.provider.delete" },
  actions: lifecycle({
    activate: "security.events.provider.activate",
    deactivate: "security.events.provider.deactivate",
  }),
  shown: (item, context) => ({
    ...item,
    _links: selfLink(context, `/api/v1/security-events-providers/${String(item["id"])}`, ["GET", "PUT", "DELETE"]),
  }),
});

/** Push services; their keys are never shown again. */
export const pushProviders = defineResource({
  name: "push_providers",
  kind: "PushProvider",
  path: "/api/v1/push-providers",
  prefix: "ppc",
  scope: "okta.pushProviders",
  stamps: null,
  hidden: ["configuration.tokenSigningKey", "configuration.serviceAccountJson"],
  list: { matches: (item, query) => !query.get("type") || item["providerType"] === query.get("type") },
  create: {
    status: 200,
    required: ["name", "providerType"],
    make: (body, { org }) => ({ ...withProject(body), lastUpdatedDate: dateOf(org.stamp()) }),
    event: "device.push.provider.create",
  },
  replace: {
    status: 200,
    required: ["name", "providerType"],
    make: (body, { org }) => ({ ...withProject(body), lastUpdatedDate: dateOf(org.stamp()) }),
    event: "device.push.provider.update",
  },
  remove: { status: 204, event: "device.push.provider.delete" },
});

/** Google's account file names the project, which Okta shows (recorded traffic). */
function withProject(body: JsonObject): JsonObject {
  const configuration = body["configuration"] as JsonObject | undefined;
  const account = configuration?.["serviceAccountJson"] as JsonObject | undefined;
  const project = account?.["project_id"];
  return project === undefined ? body : { ...body, configuration: { ...configuration, projectId: project } };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString();
}
