import type { JsonObject } from "../json.js";
import { appJson, appSchemaJson } from "./apps.js";
import { appGroupJson, appUserJson } from "./assignments.js";
import { groupJson } from "./groups.js";
import type { Org } from "./org.js";
import { ruleJson } from "./rules.js";
import { GROUP_BASE, schemaJson, userSchemaJson, userTypeJson } from "./schemas.js";

/** What {@link truthOf} can tell. */
export const TRUTH_OBJECTS = [
  "users",
  "user_types",
  "user_schemas",
  "group_schemas",
  "app_user_schemas",
  "groups",
  "group_members",
  "group_rules",
  "applications",
  "application_users",
  "application_groups",
  "log_events",
] as const;
export type TruthObject = (typeof TRUTH_OBJECTS)[number];

/** The present state of one kind of object. Members are `{groupId, userId}`; assignments carry `applicationId`. */
export function* truthOf(org: Org, object: TruthObject, base: string): Generator<JsonObject> {
  switch (object) {
    case "users":
      for (const i of org.users.indexes(-1))
        if (org.users.exists(i)) yield JSON.parse(org.users.listJson(i, { base })) as JsonObject;
      return;
    case "user_types":
      for (const type of org.types) yield userTypeJson(type, base);
      return;
    case "user_schemas":
      for (const type of org.types) yield { ...userSchemaJson(type, base), typeId: type.id };
      return;
    case "group_schemas":
      yield schemaJson({
        id: `${base}/meta/schemas/group/default`,
        name: "group",
        title: "Okta group",
        description: "Okta group profile template",
        created: org.newest,
        lastUpdated: org.groupSchema.updated,
        base: GROUP_BASE,
        custom: org.groupSchema.custom,
      });
      return;
    case "app_user_schemas":
      for (const app of org.apps.all()) yield { ...appSchemaJson(app, base), applicationId: app.id };
      return;
    case "groups":
      for (const group of org.groups.all()) yield groupJson(group, base);
      return;
    case "group_rules":
      for (const rule of org.allRules()) yield ruleJson(rule);
      return;
    case "applications":
      for (const app of org.apps.all()) yield appJson(app, { org, base });
      return;
    case "log_events":
      for (let at = 0; at < org.log.length; at++) yield org.log.entryAt(at)?.event ?? {};
      return;
    case "group_members":
    case "application_users":
    case "application_groups":
      yield* pairs(org, object, base);
  }
}

function* pairs(
  org: Org,
  object: "group_members" | "application_users" | "application_groups",
  base: string,
): Generator<JsonObject> {
  if (object === "group_members") {
    for (const group of org.groups.all())
      for (const u of org.members.of(group.index)) yield { groupId: group.id, userId: org.users.id(u) };
    return;
  }
  for (const app of org.apps.all()) {
    if (object === "application_groups") {
      for (const assigned of org.assignments.groupsOf(app.index))
        yield {
          ...appGroupJson(assigned, org.groups.id(assigned.group), { base, appId: app.id }),
          applicationId: app.id,
        };
      continue;
    }
    for (const u of org.assignments.usersOf(app)) {
      const assigned = org.assignments.user(app, u);
      const group =
        assigned?.scope === "GROUP" && assigned.group !== undefined ? org.groups.get(assigned.group) : undefined;
      const link = group ? { group: { id: group.id, name: String(group.profile["name"]) } } : {};
      if (assigned)
        yield { ...appUserJson(assigned, org.users.id(u), { base, appId: app.id, ...link }), applicationId: app.id };
    }
  }
}
