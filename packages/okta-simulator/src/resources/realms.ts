import { oktaError } from "../errors.js";
import { evaluate, lookup, parseExpression } from "../expression.js";
import { type JsonObject, valueAt } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";

const SEEDED = { created: "2025-01-17T12:37:00.000Z", lastUpdated: "2025-01-17T12:37:00.000Z" };

function linked(path: string): (item: JsonObject, context: ResourceContext) => JsonObject {
  return (item, { base }) => ({
    ...item,
    _links: { self: { rel: "self", href: `${base}${path}/${String(item["id"])}`, method: "GET" } },
  });
}

export const realms = defineResource({
  name: "realms",
  kind: "Realm",
  path: "/api/v1/realms",
  prefix: "guo",
  scope: "okta.realms",
  feature: "realms",
  list: {
    page: { fallback: 200, max: 200 },
    matches: (item, query) => {
      const search = query.get("search");
      return search === null || evaluate(parseExpression(search, "search"), lookup(item));
    },
  },
  create: {
    status: 200,
    required: ["profile.name"],
    make: (body) => ({ profile: { domains: [], ...(body["profile"] as JsonObject) }, isDefault: false }),
    event: "directory.realm.lifecycle.create",
  },
  replace: {
    status: 200,
    required: ["profile.name"],
    make: (body, _, before) => ({ ...before, profile: { domains: [], ...(body["profile"] as JsonObject) } }),
    event: "directory.realm.lifecycle.update",
  },
  remove: {
    status: 204,
    check: (_, { resources }, before) => {
      if (before?.["isDefault"] === true) throw oktaError("E0000178", { arg: "It is the default realm." });
      const used = resources
        .list(realmAssignments, {})
        .some((one) => valueAt(one, "actions.assignUserToRealm.realmId") === before?.["id"]);
      if (used) throw oktaError("E0000178", { arg: "A realm assignment refers to it." });
    },
    event: "directory.realm.lifecycle.delete",
  },
  shown: linked("/api/v1/realms"),
  seed: (context) => [
    { id: realmId(context, 0), ...SEEDED, profile: { name: "Default Realm", domains: [] }, isDefault: true },
    {
      id: realmId(context, 1),
      ...SEEDED,
      profile: { name: "Partners", realmType: "PARTNER", domains: ["partner.example"] },
      isDefault: false,
    },
  ],
});

/** Devices have the same three first characters; the numbers are far from theirs. */
function realmId(context: ResourceContext, n: number): string {
  return seedId(context, "guo", 900_000 + n);
}

function isFixed(before: JsonObject | undefined): void {
  if (before?.["status"] === "ACTIVE")
    throw oktaError("E0000001", { arg: "status", causes: ["status: The assignment must be inactive"] });
}

/** Rules that put users into realms; created inactive, changed and deleted only while inactive (recorded traffic). */
export const realmAssignments = defineResource({
  name: "realm_assignments",
  kind: "RuleEntity",
  path: "/api/v1/realm-assignments",
  prefix: "rul",
  scope: "okta.realmAssignments",
  feature: "realms",
  list: { page: { fallback: 20, max: 200 } },
  create: {
    status: 200,
    required: ["name", "actions.assignUserToRealm.realmId"],
    make: (body) => ({ priority: 0, ...body, status: "INACTIVE", isDefault: false }),
    event: "directory.realm.assignment.create",
  },
  replace: {
    status: 200,
    required: ["name"],
    check: (_, __, before) => isFixed(before),
    make: (body, _, before) => ({ ...before, ...body, status: "INACTIVE", isDefault: false }),
    event: "directory.realm.assignment.update",
  },
  remove: {
    status: 204,
    check: (_, __, before) => {
      isFixed(before);
      if (before?.["isDefault"] === true) throw oktaError("E0000111", { arg: "realm assignment" });
    },
    event: "directory.realm.assignment.delete",
  },
  // The event catalogue has none for these two.
  actions: lifecycle({ activate: null, deactivate: null, answers: { status: 204 } }),
  shown: linked("/api/v1/realm-assignments"),
  seed: (context) => [
    {
      id: seedId(context, "rul", 900_000),
      status: "ACTIVE",
      name: "Partners by domain",
      ...SEEDED,
      conditions: {
        expression: { value: 'user.profile.login.contains("@partner.example")' },
        profileSourceId: context.org.ids.encode("0oa", 1),
      },
      actions: { assignUserToRealm: { realmId: realmId(context, 1) } },
      priority: 0,
      isDefault: false,
    },
    {
      id: seedId(context, "rul", 900_001),
      status: "ACTIVE",
      name: "Catch-all realm assignment",
      ...SEEDED,
      actions: { assignUserToRealm: { realmId: realmId(context, 0) } },
      priority: 499,
      isDefault: true,
    },
  ],
});
