import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The risk that Okta or an administrator sees in each user. Needs Identity Threat Protection. */
export const userRisk = defineObject({
  name: "user_risk",
  aliases: ["UserRisk", "UserRisks"],
  preset: "per-user",
  summary: "Risk level of each user, where the org has the licence",
  openApi: "UserRiskGetResponse",
  list: { path: "/api/v1/users/{user_id}/risk", single: true, pageSize: 0 },
  get: { path: "/api/v1/users/{user_id}/risk" },
  parent: { object: "users", columns: { user_id: "id" } },
  key: ["user_id"],
  indexes: [["risk_level"]],
  columns: [text("riskLevel"), text("reason")],
  incremental: { how: "log" },
  events: [
    // An event that names no user must not cost a request for each.
    {
      types: ["user.risk.change", "user.lifecycle.create"],
      effect: "row",
      key: { user_id: "User" },
      onlyWithTargets: true,
    },
  ],
  references: { user_id: "users" },
  reconcileFactor: 7,
  scopes: ["okta.userRisk.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
