import { oktaError } from "../errors.js";
import { type JsonObject, objectAt, stringAt, valueAt } from "../json.js";
import { dropMember, putMember } from "./membership-changes.js";
import type { Target } from "./log-events.js";
import type { Org } from "./org.js";
import { compileRule, type RuleTest } from "./rule-expression.js";
import type { GroupRule } from "./rules.js";

function target(rule: GroupRule): Target {
  return { id: rule.id, type: "PolicyRule", alternateId: "unknown", displayName: rule.name };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function read(
  org: Org,
  body: JsonObject,
): Pick<GroupRule, "name" | "expression" | "excludedUsers" | "excludedGroups" | "groupIds"> {
  const name = stringAt(body, "name") ?? "";
  const expression = valueAt(body, "conditions.expression.value");
  const groupIds = strings(valueAt(body, "actions.assignUserToGroups.groupIds"));
  if (name === "" || name.length > 50)
    throw oktaError("E0000001", { arg: "name", causes: ["name: The field must have between 1 and 50 characters"] });
  if (typeof expression !== "string")
    throw oktaError("E0000001", { arg: "conditions", causes: ["conditions: The field cannot be left blank"] });
  compileRule(expression);
  if (groupIds.length === 0 || groupIds.some((id) => org.groups.find(id)?.type !== "OKTA_GROUP")) {
    throw oktaError("E0000001", {
      arg: "actions.assignUserToGroups.groupIds",
      causes: ["One or more groups are invalid"],
    });
  }
  const people = objectAt(objectAt(body, "conditions"), "people");
  return {
    name,
    expression,
    groupIds,
    excludedUsers: strings(valueAt(people, "users.exclude")),
    excludedGroups: strings(valueAt(people, "groups.exclude")),
  };
}

function store(org: Org, rule: GroupRule): GroupRule {
  org.rules.set(rule.index, rule, org.now());
  return rule;
}

/** POST /groups/rules: always INACTIVE. The catalogue names no event for it. */
export function createRule(org: Org, body: JsonObject): GroupRule {
  const content = read(org, body);
  for (const rule of org.allRules()) {
    if (rule.name === content.name) throw oktaError("E0000001", { arg: "name", causes: ["name: name must be unique"] });
  }
  const index = org.newRuleIndex();
  const now = org.stamp();
  org.revision++;
  return store(org, {
    index,
    id: org.ids.encode("0pr", index),
    status: "INACTIVE",
    created: now,
    lastUpdated: now,
    ...content,
  });
}

/** Rules that the org has from the start; no generated user fits them, so that memberships need no rule to explain them. */
export function generateRules(org: Org, count: number): void {
  const targets = [...org.groups.all()].filter((group) => group.type === "OKTA_GROUP");
  for (let k = 0; k < count; k++) {
    const group = targets[k % Math.max(1, targets.length)];
    if (!group) return;
    const index = org.newRuleIndex();
    const created = org.newest - (k + 1) * 86_400_000;
    store(org, {
      index,
      id: org.ids.encode("0pr", index),
      name: `Cost center ${k + 1}`,
      status: k % 3 === 2 ? "INACTIVE" : "ACTIVE",
      created,
      lastUpdated: created,
      expression: `user.costCenter=="rule-${k + 1}"`,
      excludedUsers: [],
      excludedGroups: [],
      groupIds: [group.id],
    });
  }
}

/** PUT /groups/rules/{id}: only while INACTIVE; actions cannot be changed. */
export function updateRule(org: Org, rule: GroupRule, body: JsonObject): GroupRule {
  if (rule.status !== "INACTIVE")
    throw oktaError("E0000001", { arg: "status", causes: ["Cannot update rule: only inactive rules can be updated"] });
  const content = read(org, body);
  if (content.groupIds.join() !== rule.groupIds.join())
    throw oktaError("E0000001", { arg: "actions", causes: ["actions: The action cannot be updated"] });
  org.revision++;
  return store(org, { ...rule, ...content, lastUpdated: org.stamp() });
}

/** DELETE /groups/rules/{id}: not while ACTIVE; with `removeUsers` the members it made leave. */
export function deleteRule(org: Org, rule: GroupRule, options: { removeUsers: boolean }): void {
  if (rule.status === "ACTIVE")
    throw oktaError("E0000001", { arg: "status", causes: ["Cannot delete rule: deactivate it first"] });
  org.rules.set(rule.index, null, org.now());
  org.revision++;
  if (options.removeUsers)
    org.later(() => {
      for (const group of groupsOf(org, rule)) {
        for (const u of org.members.of(group.index))
          if (org.members.membership(group.index, u)?.by === rule.id) dropMember(org, group, u);
      }
    });
}

/** Activates: every matching user becomes a member a moment later. */
export function activateRule(org: Org, rule: GroupRule): void {
  if (rule.status === "INVALID") throw oktaError("E0000107");
  if (rule.status === "ACTIVE") return;
  const active = store(org, { ...rule, status: "ACTIVE", lastUpdated: org.stamp() });
  org.happened({ type: "group.user_membership.rule.trigger", targets: [target(active)], transaction: "JOB" });
  org.later(() => {
    const test = compileRule(active.expression);
    for (const u of org.users.indexes(-1)) if (org.users.exists(u)) applyRule(org, active, { u, test });
  });
}

/** Deactivates; members stay. */
export function deactivateRule(org: Org, rule: GroupRule): void {
  if (rule.status === "INACTIVE") return;
  const inactive = store(org, { ...rule, status: "INACTIVE", lastUpdated: org.stamp() });
  org.happened({ type: "group.user_membership.rule.deactivated", targets: [target(inactive)] });
}

/** A rule whose target group is gone is INVALID (recorded traffic). */
export function invalidateRules(org: Org, groupId: string): void {
  for (const rule of org.allRules()) {
    if (rule.groupIds.includes(groupId) && rule.status !== "INVALID") {
      const invalid = store(org, { ...rule, status: "INVALID", lastUpdated: org.stamp() });
      org.happened({ type: "group.user_membership.rule.invalidate", targets: [target(invalid)], transaction: "JOB" });
    }
  }
}

/** Runs every active rule over one user. */
export function evaluateRules(org: Org, u: number): void {
  for (const rule of org.allRules())
    if (rule.status === "ACTIVE") applyRule(org, rule, { u, test: compileRule(rule.expression) });
}

function groupsOf(org: Org, rule: GroupRule) {
  return rule.groupIds.map((id) => org.groups.find(id)).filter((group) => group !== undefined);
}

function applyRule(org: Org, rule: GroupRule, on: { u: number; test: RuleTest }): void {
  const { u, test } = on;
  const user = org.users.get(u);
  // Rules do not run for people who are not, or no longer, with the organization.
  if (!user || user.status === "DEPROVISIONED") return;
  const isMember = (id: string): boolean => org.members.has(org.ids.decode("00g", id), u);
  const excluded = rule.excludedUsers.includes(user.id) || rule.excludedGroups.some(isMember);
  const wanted = !excluded && test({ attribute: (name) => user.profile[name], isMember });
  for (const group of groupsOf(org, rule)) {
    const membership = org.members.membership(group.index, u);
    if (wanted && !membership) putMember(org, group, { u, by: rule.id });
    else if (!wanted && membership?.by === rule.id) dropMember(org, group, u);
  }
}
