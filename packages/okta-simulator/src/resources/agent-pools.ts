import type { JsonObject } from "../json.js";
import { defineResource, type ResourceAction, type ResourceContext, seedId } from "./definition.js";

/** An agent as a pool shows it; `lastConnection` is epoch milliseconds, and one flag has two names (recorded traffic). */
function agent(context: ResourceContext, poolId: string, of: { n: number; type: string }): JsonObject {
  return {
    id: context.org.ids.encode("a53", of.n),
    poolId,
    name: `HOST-${of.n}`,
    type: of.type,
    version: "3.22.0",
    operationalStatus: "OPERATIONAL",
    isHidden: false,
    isLatestGAedVersion: true,
    latestGAedVersion: true,
    lastConnection: 1_766_430_781_000 + of.n,
    _links: {},
  };
}

/** Pools come with their first agent, not by the API; an agent's status changes without an event. */
export const agentPools = defineResource({
  name: "agent_pools",
  kind: "AgentPool",
  path: "/api/v1/agentPools",
  prefix: "0oa",
  scope: "okta.agentPools",
  readable: false,
  stamps: null,
  list: {
    page: { fallback: 5, max: 200, parameter: "limitPerPoolType" },
    matches: (item, query) => !query.get("poolType") || item["type"] === query.get("poolType"),
  },
  create: {
    byHttp: false,
    status: 201,
    make: (body) => ({ operationalStatus: "OPERATIONAL", disruptedAgents: 0, inactiveAgents: 0, agents: [], ...body }),
    event: "system.agent.ad.create",
  },
  update: { byHttp: false, status: 200, event: "system.agent.ad.update" },
  remove: { byHttp: false, status: 204, event: "system.agent.ad.delete" },
  seed: (context) =>
    ["AD", "LDAP"].map((type, n) => {
      const id = seedId(context, "0oa", 910_000 + n);
      const agents = n === 0 ? [0, 1].map((k) => agent(context, id, { n: k, type })) : [];
      return {
        id,
        name: `${type.toLowerCase()}.example.com`,
        type,
        operationalStatus: agents.length > 0 ? "OPERATIONAL" : "INACTIVE",
        disruptedAgents: 0,
        inactiveAgents: 0,
        agents,
      };
    }),
});

function to(status: string): ResourceAction {
  return {
    path: { InProgress: "resume", Paused: "pause", Cancelled: "stop" }[status] ?? "retry",
    status: 201,
    make: (_, __, before) => ({ ...before, status }),
    event: "system.agent_pools.auto_update",
  };
}

export const agentPoolUpdates = defineResource({
  name: "agent_pool_updates",
  kind: "AgentPoolUpdate",
  path: "/api/v1/agentPools/{poolId}/updates",
  ancestors: { poolId: "agent_pools" },
  prefix: "ajd",
  scope: "okta.agentPools",
  stamps: null,
  create: {
    status: 201,
    required: ["name"],
    make: (body) => ({ enabled: false, notifyAdmin: false, agents: [], ...body, status: "Scheduled", _links: {} }),
    event: "system.agent_pools.auto_update",
  },
  update: { status: 201, event: "system.agent_pools.auto_update" },
  remove: { status: 204, event: "system.agent_pools.auto_update" },
  actions: { pause: to("Paused"), resume: to("InProgress"), stop: to("Cancelled") },
  seed: (context) => {
    const poolId = context.ancestors["poolId"] ?? "";
    if (poolId !== context.org.ids.encode("0oa", 910_000)) return [];
    return [
      {
        id: seedId(context, "ajd", 0),
        name: "Wednesdays",
        agentType: "AD",
        agents: [{ ...agent(context, poolId, { n: 0, type: "AD" }), updateStatus: "Scheduled" }],
        enabled: true,
        schedule: { cron: "0 3 * * WED", timezone: "Europe/Zurich", duration: 1020 },
        notifyAdmin: true,
        status: "Scheduled",
        targetVersion: "3.23.0",
        _links: {},
      },
    ];
  },
});
