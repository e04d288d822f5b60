import { oktaError } from "../errors.js";
import { isObject, type Json, type JsonObject, objectAt } from "../json.js";
import { appOf, appTargets, generatedApp } from "./application-keys.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";

function provisions(context: ResourceContext): boolean {
  const features = appOf(context)?.body["features"];
  return Array.isArray(features) && features.length > 0;
}

/** An application without provisioning has no features to list (Okta docs); whether it says 404 or 400 is not documented. */
function refuseWithout(_: URLSearchParams, context: ResourceContext): void {
  if (!provisions(context)) throw oktaError("E0000007", { arg: "Provisioning is not supported for that application." });
}

function over(base: JsonObject, changes: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    const before = result[name];
    result[name] = isObject(before) && isObject(value) ? over(before, value) : value;
  }
  return result;
}

/** The two directions of an application's provisioning; a write names capabilities alone (recorded traffic). */
export const applicationFeatures = defineResource({
  name: "application_features",
  kind: "ApplicationFeature",
  path: "/api/v1/apps/{appId}/features",
  ancestors: { appId: "applications" },
  idOf: (item) => String(item["name"]),
  scope: "okta.apps",
  stamps: null,
  list: { check: refuseWithout },
  replace: {
    status: 200,
    make: (body, _, before = {}) => ({ ...before, capabilities: over(objectAt(before, "capabilities"), body) }),
    // The event catalogue has none of its own; that it is the application's update is not documented.
    event: "application.lifecycle.update",
  },
  targets: appTargets,
  shown: (item, { base, ancestors }) => {
    const href = `${base}/api/v1/apps/${ancestors["appId"]}/features/${String(item["name"])}`;
    return { ...item, _links: { self: { href, hints: { allow: ["GET", "PUT"] } } } };
  },
  seed: (context) => (provisions(context) ? FEATURES : []),
});

const FEATURES: readonly JsonObject[] = [
  {
    name: "USER_PROVISIONING",
    status: "ENABLED",
    description: "User provisioning settings from Okta to a downstream application",
    capabilities: {
      create: { lifecycleCreate: { status: "ENABLED" } },
      update: {
        profile: { status: "DISABLED" },
        lifecycleDeactivate: { status: "ENABLED" },
        password: { status: "DISABLED", seed: "RANDOM", change: "KEEP_EXISTING" },
      },
    },
  },
  {
    name: "INBOUND_PROVISIONING",
    status: "ENABLED",
    description: "In-bound provisioning settings for provisioning users from an application to Okta",
    capabilities: {
      importSettings: {
        username: { userNameFormat: "EMAIL" },
        schedule: { status: "DISABLED", fullImport: null, incrementalImport: null },
      },
      importRules: {
        userCreateAndMatch: {
          exactMatchCriteria: "USERNAME",
          allowPartialMatch: false,
          autoConfirmPartialMatch: false,
          autoConfirmExactMatch: false,
          autoConfirmNewUsers: false,
          autoActivateNewUsers: false,
        },
      },
    },
  },
];

/** Instants here have no milliseconds (recorded traffic). */
function plainInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

function blank(field: string): never {
  throw oktaError("E0000001", { arg: field, causes: [`${field}: The field cannot be left blank`] });
}

/** Groups that are pushed to applications (recorded traffic: POST and DELETE answer 200). */
export const groupPushMappings = defineResource({
  name: "group_push_mappings",
  kind: "GroupPushMapping",
  path: "/api/v1/apps/{appId}/group-push/mappings",
  ancestors: { appId: "applications" },
  prefix: "gPm",
  scope: "okta.apps",
  stamps: { text: plainInstant },
  list: {
    page: { fallback: 100, max: 1000 },
    matches: (item, query) => {
      const [since, source, status] = ["lastUpdated", "sourceGroupId", "status"].map((name) => query.get(name));
      return (
        (!since || String(item["lastUpdated"]) >= since) &&
        (!source || item["sourceGroupId"] === source) &&
        (!status || item["status"] === status)
      );
    },
  },
  create: {
    status: 200,
    required: ["sourceGroupId"],
    make: (body, context) => {
      const { org } = context;
      const source = String(body["sourceGroupId"]);
      if (!org.groups.find(source)) throw oktaError("E0000007", { arg: `Resource not found: ${source} (UserGroup)` });
      const target = body["targetGroupId"];
      // A name alone stands for a new group of the application; this org only gives it an id.
      if (typeof target !== "string" && typeof body["targetGroupName"] !== "string") blank("targetGroupName");
      return {
        sourceGroupId: source,
        status: body["status"] ?? "ACTIVE",
        targetGroupId: target ?? org.ids.encode("00g", 40_000_000 + (org.fresh() % 1_000_000)),
      };
    },
    event: "application.provision.group_push.mapping.created",
  },
  update: {
    method: "PATCH",
    status: 200,
    required: ["status"],
    make: ({ status }, _, before) => ({ ...before, status }),
    event: "application.provision.group_push.updated",
  },
  remove: {
    status: 200,
    check: (_, { query }, item) => {
      if (query && !query.has("deleteTargetGroup")) blank("deleteTargetGroup");
      if (item?.["status"] === "ACTIVE")
        throw oktaError("E0000001", { arg: "status", causes: ["status: Only inactive mappings can be deleted"] });
    },
    event: "application.provision.group_push.removed",
  },
  targets: appTargets,
  shown: (item, { base, ancestors }) => ({
    ...item,
    _links: {
      app: { href: `${base}/api/v1/apps/${ancestors["appId"]}` },
      sourceGroup: { href: `${base}/api/v1/groups/${String(item["sourceGroupId"])}` },
      targetGroup: { href: `${base}/api/v1/groups/${String(item["targetGroupId"])}` },
    },
  }),
  // Applications that take users from Okta get one or two of its groups.
  seed: (context) => {
    const app = generatedApp(context);
    const features = app?.body["features"];
    if (!app || !Array.isArray(features) || !features.includes("PUSH_NEW_USERS")) return [];
    const at = plainInstant(app.created);
    return [1, 2].slice(0, 1 + (app.index % 2)).map((group, n) => ({
      id: seedId(context, "gPm", n),
      sourceGroupId: context.org.groups.id(group),
      status: n === 0 ? "ACTIVE" : "INACTIVE",
      targetGroupId: context.org.ids.encode("00g", 50_000_000 + app.index * 10 + n),
      created: at,
      lastUpdated: at,
      lastPush: at,
    }));
  },
});
