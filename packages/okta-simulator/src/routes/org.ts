import { oktaError } from "../errors.js";
import { bodyOf, type Context, limitOf, NO_CONTENT, ok, pageOf, type Reply } from "../http.js";
import { instant, type JsonObject } from "../json.js";
import { type Group, groupJson } from "../org/groups.js";
import type { Org } from "../org/org.js";
import type { RoleAssignment } from "../org/role-assignment.js";
import { grantRole, type HeldRole, revokeRole, roleJson, rolesOf, roleTypeIn, targetRole } from "../org/roles.js";
import { clientApplications } from "../resources/clients.js";
import { assignCustom, customAssignments, unassignCustom } from "../resources/custom-assignments.js";
import { rolesOfUser } from "../resources/role-assignments.js";
import type { Router } from "../router.js";
import { groupOf } from "./groups.js";
import { userOf } from "./users.js";

/** `/.well-known/okta-organization`: answers without credentials and counts in no rate bucket (Okta docs). */
export function wellKnown(org: Org, base: string): JsonObject {
  return {
    id: org.id,
    cell: "sim1",
    _links: { organization: { href: base } },
    pipeline: "idx",
    settings: {
      analyticsCollectionEnabled: false,
      bugReportingEnabled: true,
      omEnabled: false,
      pssoEnabled: false,
      desktopMFAEnabled: false,
      itpEnabled: false,
    },
  };
}

function holderOf(context: Context): string {
  const client = context.params["clientId"];
  if (context.params["groupId"] !== undefined) return groupOf(context).id;
  if (client === undefined) return context.org.users.id(userOf(context));
  // Every client can be asked; those that nobody gave a role have none.
  context.resources.get(clientApplications, {}, client);
  return client;
}

/** A caller whose role was narrowed sees a narrower role; one whose role is gone sees none. */
function shownRoles(context: Context, holder: string): readonly HeldRole[] {
  const { org, resources } = context;
  const roles = holder.startsWith("00u")
    ? rolesOfUser(org, resources, org.users.find(holder))
    : [...rolesOf(org, holder), ...customAssignments(resources, holder)].map((role) => ({ role, assignee: holder }));
  const self = holder === (context.principal.userId ?? context.principal.clientId);
  if (!self || context.role === "full") return roles;
  return context.role === "lost"
    ? []
    : roles.map(({ role, assignee }) => ({ role: { ...role, ...NARROWER }, assignee }));
}

const NARROWER = { id: "KVJUKUS7IFCE2SKO", type: "USER_ADMIN" };

function roleOf(context: Context): HeldRole {
  const id = context.params["roleId"] ?? "";
  const held = shownRoles(context, holderOf(context)).find(({ role }) => role.id === id);
  if (!held) throw oktaError("E0000007", { arg: `Resource not found: ${id} (RoleAssignment)` });
  return held;
}

/** What a role is limited to and is still there: an instance that is gone is no catalogue application of that name. */
function standing(
  org: Org,
  role: RoleAssignment,
): { readonly groups: readonly Group[]; readonly apps: readonly string[] } {
  return {
    groups: role.groupTargets.map((id) => org.groups.find(id)).filter((group) => group !== undefined),
    apps: role.appTargets.filter((id) => !id.startsWith("0oa") || org.apps.find(id) !== undefined),
  };
}

/** The cursor says nothing to the caller (recorded traffic). */
function targetPage(context: Context, rows: readonly JsonObject[]): Reply {
  const limit = limitOf(context, { fallback: 20, max: 200 });
  const start = Number(Buffer.from(context.query.get("after") ?? "", "base64url").toString());
  if (!Number.isInteger(start)) throw oktaError("E0000029");
  const end = start + limit;
  const next = end < rows.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  const page = rows.slice(start, end).map((row) => JSON.stringify(row));
  return pageOf(context, page, { limit, next });
}

function targets(kind: "groups" | "apps") {
  return (context: Context): Reply => {
    const { org, base } = context;
    const { groups, apps } = standing(org, roleOf(context).role);
    const rows =
      kind === "groups" ? groups.map((group) => groupJson(group, base)) : apps.map((id) => targetApp(org, id, base));
    return targetPage(context, rows);
  };
}

/** What a user's role is limited to, by the names that Okta gives resources (OpenAPI spec). */
function allTargets(context: Context): Reply {
  const { org, base, query } = context;
  const { role } = roleOf(context);
  const asked = query.get("assignmentType");
  if (asked !== null && asked !== role.assignmentType) return targetPage(context, []);
  const { groups, apps } = standing(org, role);
  const name = (id: string): string => {
    const app = org.apps.find(id);
    return app ? `${app.name}:${id}` : id;
  };
  const orns = [
    ...groups.map(({ id }) => org.orn("directory", `groups:${id}`)),
    ...apps.map((id) => org.orn("idp", `apps:${name(id)}`)),
  ];
  const self = { href: `${base}${context.path}` };
  const rows = orns.map((orn) => ({
    assignmentType: role.assignmentType,
    expiration: null,
    orn,
    _links: { self },
  }));
  return targetPage(context, rows);
}

/** An instance by id, name and status; a whole catalogue application by its name, without an id (recorded traffic). */
function targetApp(org: Org, id: string, base: string): JsonObject {
  const app = org.apps.find(id);
  const self = (path: string): JsonObject => ({ self: { href: `${base}/api/v1/${path}/${id}` } });
  if (app) return { name: app.name, status: app.status, id, _links: self("apps") };
  return {
    name: id,
    displayName: id,
    description: `${id} in the catalog`,
    status: "ACTIVE",
    lastUpdated: instant(org.newest),
    category: "SOCIAL",
    verificationStatus: "OKTA_VERIFIED",
    website: `https://${id}.example.com`,
    signOnModes: ["BROWSER_PLUGIN"],
    features: [],
    _links: self("catalog/apps"),
  };
}

function retarget(
  context: Context,
  change: (ids: readonly string[]) => readonly string[],
  kind: "groups" | "apps",
): Reply {
  const { assignee, role } = roleOf(context);
  targetRole(
    context.org,
    { holder: assignee, roleId: role.id },
    { [kind]: change(kind === "groups" ? role.groupTargets : role.appTargets) },
  );
  return NO_CONTENT;
}

function roleRoutes(router: Router, holder: string): void {
  const role = `${holder}/roles/{roleId}`;
  router.add("GET", `${holder}/roles`, (context) => {
    const id = holderOf(context);
    return ok(shownRoles(context, id).map(({ role, assignee }) => roleJson(role, assignee, context.base)));
  });
  router.add("POST", `${holder}/roles`, (context) => {
    const { org, resources, base } = context;
    const id = holderOf(context);
    const body = bodyOf(context);
    const type = roleTypeIn(body);
    const granted = type === "CUSTOM" ? assignCustom(resources, { holder: id, base }, body) : grantRole(org, id, type);
    return { status: 201, json: JSON.stringify(roleJson(granted, id, base)) };
  });
  router.add("GET", role, (context) => {
    const found = roleOf(context);
    return ok(roleJson(found.role, found.assignee, context.base));
  });
  router.add("DELETE", role, (context) => {
    const { org, resources, base } = context;
    const [holder, id] = [holderOf(context), context.params["roleId"] ?? ""];
    if (!unassignCustom(resources, holder, { id, base })) revokeRole(org, holder, id);
    return NO_CONTENT;
  });
  if (holder.includes("/users/")) router.add("GET", `${role}/targets`, allTargets);
  router.add("GET", `${role}/targets/groups`, targets("groups"));
  router.add("GET", `${role}/targets/catalog/apps`, targets("apps"));
  targetRoutes(router, `${role}/targets/groups/{targetId}`, "groups");
  // A whole catalogue application by its name, or one instance of it.
  targetRoutes(router, `${role}/targets/catalog/apps/{targetId}`, "apps");
  targetRoutes(router, `${role}/targets/catalog/apps/{appName}/{targetId}`, "apps");
}

function targetRoutes(router: Router, path: string, kind: "groups" | "apps"): void {
  const id = (context: Context): string => context.params["targetId"] ?? context.params["appName"] ?? "";
  router.add("PUT", path, (context) => retarget(context, (ids) => [...new Set([...ids, id(context)])], kind));
  router.add("DELETE", path, (context) => retarget(context, (ids) => withoutTarget(ids, id(context)), kind));
}

/** The last one stays: without it the role would hold everywhere (Okta docs; the code is not documented). */
function withoutTarget(ids: readonly string[], id: string): readonly string[] {
  if (ids.length === 1 && ids[0] === id)
    throw oktaError("E0000001", { arg: "roleTarget", causes: ["The last target of a role cannot be removed"] });
  return ids.filter((one) => one !== id);
}

/** Who may do what in the org. */
export function orgRoutes(router: Router): void {
  roleRoutes(router, "/api/v1/users/{userId}");
  roleRoutes(router, "/api/v1/groups/{groupId}");
  roleRoutes(router, "/oauth2/v1/clients/{clientId}");
}
