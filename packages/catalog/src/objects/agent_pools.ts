import { boolean, instant, integer, text } from "../columns.js";
import { defineObject } from "../definition.js";

/**
 * Pools of on-premises agents (AD, LDAP, RADIUS …), with a row for each agent. The page size is a number of pools of each
 * type whose maximum is not documented, so Okta's own is kept.
 */
export const agentPools = defineObject({
  name: "agent_pools",
  aliases: ["AgentPools"],
  preset: "config",
  summary: "Pools of on-premises agents, with a row for each agent",
  openApi: "AgentPool",
  list: { path: "/api/v1/agentPools", pageSize: 0 },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("operationalStatus"),
    integer("disruptedAgents"),
    integer("inactiveAgents"),
  ],
  children: [
    {
      name: "agent_pool_agents",
      path: ["agents"],
      parentColumns: { agent_pool_id: "id" },
      key: ["agent_pool_id", "id"],
      columns: [
        text("id"),
        text("poolId"),
        text("name"),
        text("type"),
        text("version"),
        text("operationalStatus"),
        text("updateStatus"),
        text("updateMessage"),
        boolean("isHidden"),
        boolean("isLatestGAedVersion", { name: "is_latest_gaed_version" }),
        // The same under a second name, not in the specification (recorded traffic).
        boolean("latestGAedVersion", { name: "latest_gaed_version" }),
        instant("lastConnection"),
      ],
    },
  ],
  incremental: { how: "log" },
  // An agent's status and last connection move without an event; the reconcile refreshes them.
  events: [
    {
      types: [
        "system.agent.register",
        "system.agent.ad.create",
        "system.agent.ad.update",
        "system.agent.ad.connect",
        "system.agent.ad.deactivate",
        "system.agent.ad.reactivate",
        "system.agent.ad.delete",
        "system.agent.connector.connect",
        "system.agent.connector.deactivate",
        "system.agent.connector.reactivate",
        "system.agent.connector.delete",
        "system.agent.auto_update",
        "system.agent_pools.auto_update",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.agentPools.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
