import { oktaError } from "../errors.js";
import { bodyOf, type Context, limitOf, NO_CONTENT, ok, pageOf, type Reply, take } from "../http.js";
import { activateRule, createRule, deactivateRule, deleteRule, updateRule } from "../org/rule-changes.js";
import { type GroupRule, ruleJson } from "../org/rules.js";
import type { Router } from "../router.js";
import { cursorOf } from "./users.js";

function ruleOf(context: Context): GroupRule {
  const id = context.params["ruleId"] ?? "";
  const rule = context.org.rules.get(context.org.ids.decode("0pr", id));
  if (!rule || !context.sees(id)) throw oktaError("E0000007", { arg: `Resource not found: ${id} (RuleSetEntity)` });
  return rule;
}

function list(context: Context): Reply {
  const { org, query } = context;
  const limit = limitOf(context, { fallback: 50, max: 200 });
  const word = query.get("search")?.toLowerCase();
  const rules = [...org.allRules(org.listedAt(), cursorOf(context, "0pr"))].filter(
    (rule) => context.sees(rule.id) && (!word || rule.name.toLowerCase().includes(word)),
  );
  const page = take(rules, limit);
  const rows = page.rows.map((rule) => {
    const json = ruleJson(rule);
    if (query.get("expand") !== "groupIdToGroupNameMap") return JSON.stringify(json);
    const names = rule.groupIds.map((id) => [id, org.groups.find(id)?.profile["name"] ?? null] as const);
    return JSON.stringify({ ...json, _embedded: { groupIdToGroupNameMap: Object.fromEntries(names) } });
  });
  return pageOf(context, rows, { limit, next: page.more ? page.rows.at(-1)?.id : undefined });
}

/** Group rules: they live under the groups' path, and in the groups' rate bucket. */
export function ruleRoutes(router: Router): void {
  const path = "/api/v1/groups/rules/{ruleId}";
  router.add("GET", "/api/v1/groups/rules", list);
  router.add("POST", "/api/v1/groups/rules", (context) => ok(ruleJson(createRule(context.org, bodyOf(context)))));
  router.add("GET", path, (context) => ok(ruleJson(ruleOf(context))));
  router.add("PUT", path, (context) => ok(ruleJson(updateRule(context.org, ruleOf(context), bodyOf(context)))));
  router.add("DELETE", path, (context) => {
    deleteRule(context.org, ruleOf(context), { removeUsers: context.query.get("removeUsers") === "true" });
    return { status: 202, json: "{}" };
  });
  router.add("POST", `${path}/lifecycle/activate`, (context) => {
    activateRule(context.org, ruleOf(context));
    return NO_CONTENT;
  });
  router.add("POST", `${path}/lifecycle/deactivate`, (context) => {
    deactivateRule(context.org, ruleOf(context));
    return NO_CONTENT;
  });
}
