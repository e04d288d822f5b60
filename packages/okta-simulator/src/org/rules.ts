import { instant, type JsonObject } from "../json.js";

/** A group rule. Never changed in place. */
export interface GroupRule {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "INACTIVE" | "INVALID";
  readonly created: number;
  readonly lastUpdated: number;
  readonly expression: string;
  readonly excludedUsers: readonly string[];
  readonly excludedGroups: readonly string[];
  readonly groupIds: readonly string[];
}

/** A rule as the API shows it; `allGroupsValid` is not in the spec (recorded traffic). */
export function ruleJson(rule: GroupRule): JsonObject {
  return {
    type: "group_rule",
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: instant(rule.created),
    lastUpdated: instant(rule.lastUpdated),
    conditions: {
      people: { users: { exclude: rule.excludedUsers }, groups: { exclude: rule.excludedGroups } },
      expression: { value: rule.expression, type: "urn:okta:expression:1.0" },
    },
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
    allGroupsValid: rule.status !== "INVALID",
  };
}
