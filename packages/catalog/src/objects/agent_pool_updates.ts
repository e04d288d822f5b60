import { boolean, instant, integer, json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Planned and past updates of the agents of a pool. */
export const agentPoolUpdates = defineObject({
  name: "agent_pool_updates",
  aliases: ["AgentPoolUpdates", "AgentPoolsUpdates"],
  preset: "config",
  summary: "Planned and past updates of each agent pool",
  openApi: "AgentPoolUpdate",
  list: { path: "/api/v1/agentPools/{agent_pool_id}/updates", pageSize: 0 },
  get: { path: "/api/v1/agentPools/{agent_pool_id}/updates/{id}" },
  parent: { object: "agent_pools", columns: { agent_pool_id: "id" } },
  key: ["agent_pool_id", "id"],
  columns: [
    text("id"),
    text("name"),
    text("agentType"),
    text("status"),
    boolean("enabled"),
    boolean("notifyAdmin"),
    text("reason"),
    integer("sortOrder"),
    text("targetVersion"),
    text("schedule.cron"),
    text("schedule.timezone"),
    integer("schedule.delay"),
    integer("schedule.duration"),
    instant("schedule.lastUpdated"),
    // The agents as they were when the update was planned; the present ones are rows of agent_pool_agents.
    json("agents"),
  ],
  incremental: { how: "log" },
  // Which pool it was is not documented; an org has few. Nor is it that planning or cancelling an update is an event: the
  // reconcile finds one that sends none.
  events: [{ types: ["system.agent_pools.auto_update", "system.agent.auto_update"], effect: "whole", key: {} }],
  references: { agent_pool_id: "agent_pools" },
  scopes: ["okta.agentPools.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
