import { oktaError } from "../errors.js";
import { bodyOf, type Context, limitOf, NO_CONTENT, ok, pageOf, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import { appJson } from "../org/apps.js";
import { groupJson } from "../org/groups.js";
import type { Org } from "../org/org.js";
import type { RoleAssignment } from "../org/role-assignment.js";
import { grantRole, revokeRole, roleJson, rolesOf, roleTypeIn, targetRole } from "../org/roles.js";
import { clientApplications } from "../resources/clients.js";
import type { Router } from "../router.js";
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
  if (client === undefined) return context.org.users.id(userOf(context));
  // Every client can be asked; those that nobody gave a role have none.
  context.resources.get(clientApplications, {}, client);
  return client;
}

/** A caller whose role was narrowed sees a narrower role; one whose role is gone sees none. */
function shownRoles(context: Context, holder: string): readonly RoleAssignment[] {
  const roles = rolesOf(context.org, holder);
  const self = holder === (context.principal.userId ?? context.principal.clientId);
  if (!self || context.role === "full") return roles;
  return context.role === "lost" ? [] : roles.map((role) => ({ ...role, id: "KVJUKUS7IFCE2SKO", type: "USER_ADMIN" }));
}

function roleOf(context: Context): { holder: string; role: RoleAssignment } {
  const holder = holderOf(context);
  const id = context.params["roleId"] ?? "";
  const role = shownRoles(context, holder).find((one) => one.id === id);
  if (!role) throw oktaError("E0000007", { arg: `Resource not found: ${id} (RoleAssignment)` });
  return { holder, role };
}

function targets(kind: "groups" | "apps") {
  return (context: Context): Reply => {
    const { org, base } = context;
    const { role } = roleOf(context);
    const limit = limitOf(context, { fallback: 20, max: 200 });
    const rows =
      kind === "groups"
        ? role.groupTargets
            .map((id) => org.groups.find(id))
            .filter((group) => group !== undefined)
            .map((group) => groupJson(group, base))
        : role.appTargets.map((id) => targetApp(org, id, base));
    return pageOf(
      context,
      rows.slice(0, limit).map((row) => JSON.stringify(row)),
      { limit },
    );
  };
}

/** An instance as it is; a whole catalogue application only by its name, without an id (recorded traffic). */
function targetApp(org: Org, id: string, base: string): JsonObject {
  const app = org.apps.find(id);
  return app ? appJson(app, { id: org.id, base }) : { name: id, displayName: id, status: "ACTIVE", signOnModes: [] };
}

function retarget(
  context: Context,
  change: (ids: readonly string[]) => readonly string[],
  kind: "groups" | "apps",
): Reply {
  const { holder, role } = roleOf(context);
  targetRole(
    context.org,
    { holder, roleId: role.id },
    { [kind]: change(kind === "groups" ? role.groupTargets : role.appTargets) },
  );
  return NO_CONTENT;
}

function roleRoutes(router: Router, holder: string): void {
  const role = `${holder}/roles/{roleId}`;
  router.add("GET", `${holder}/roles`, (context) => {
    const id = holderOf(context);
    return ok(shownRoles(context, id).map((one) => roleJson(one, id, context.base)));
  });
  router.add("POST", `${holder}/roles`, (context) => {
    const id = holderOf(context);
    return {
      status: 201,
      json: JSON.stringify(roleJson(grantRole(context.org, id, roleTypeIn(bodyOf(context))), id, context.base)),
    };
  });
  router.add("GET", role, (context) => {
    const found = roleOf(context);
    return ok(roleJson(found.role, found.holder, context.base));
  });
  router.add("DELETE", role, (context) => {
    revokeRole(context.org, holderOf(context), context.params["roleId"] ?? "");
    return NO_CONTENT;
  });
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
  router.add("DELETE", path, (context) => retarget(context, (ids) => ids.filter((one) => one !== id(context)), kind));
}

/** Who may do what in the org. */
export function orgRoutes(router: Router): void {
  roleRoutes(router, "/api/v1/users/{userId}");
  roleRoutes(router, "/oauth2/v1/clients/{clientId}");
}
