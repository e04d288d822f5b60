import { oktaError } from "../errors.js";
import { collectEquals, comparisons, evaluate, parseExpression } from "../expression.js";
import { bodyOf, type Context, limitOf, NO_CONTENT, ok, pageOf, type Reply, take } from "../http.js";
import { valueAt } from "../json.js";
import { createApp, deleteApp, setAppStatus, updateApp } from "../org/app-changes.js";
import { type App, appJson } from "../org/apps.js";
import type { Router } from "../router.js";
import { groupOf } from "./groups.js";
import { cursorOf, userOf } from "./users.js";

/** `filter` on applications: `eq` alone (OpenAPI spec; user.id and group.id: Okta docs). */
const FILTERABLE = new Set([
  "id",
  "status",
  "name",
  "user.id",
  "group.id",
  "credentials.signing.kid",
  "settings.slo.enabled",
]);

export function appOf(context: Context): App {
  const id = context.params["appId"] ?? "";
  const app = context.org.apps.find(id);
  if (!app || !context.sees(id)) throw oktaError("E0000007", { arg: `Resource not found: ${id} (AppInstance)` });
  return app;
}

function shown(context: Context, app: App): string {
  return JSON.stringify(appJson(app, context));
}

function valueOf(context: Context, app: App, at: number): (path: string) => unknown {
  const { org } = context;
  return (path) => {
    if (path === "id" || path === "status" || path === "name") return app[path];
    if (path === "settings.slo.enabled") return valueAt(app.body, "settings.signOn.slo.enabled");
    if (path === "group.id")
      return [...org.assignments.groupsOf(app.index, -1, at)].map((assigned) => org.groups.id(assigned.group));
    return valueAt(app.body, path);
  };
}

function list(context: Context): Reply {
  const { org, query } = context;
  // The docs' default; the spec's default of -1 means the same.
  const limit = limitOf(context, { fallback: 20, max: 200 });
  const at = org.listedAt();
  const text = query.get("filter");
  const expression = text ? parseExpression(text, "filter") : undefined;
  for (const { path, op } of expression ? comparisons(expression) : []) {
    if (!FILTERABLE.has(path)) throw oktaError("E0000031", { causes: [`Invalid search criteria: ${path}`] });
    if (op !== "eq") throw oktaError("E0000053");
  }
  const users = expression ? collectEquals(expression, "user.id") : null;
  const q = query.get("q")?.toLowerCase();
  const matches = (app: App): boolean => {
    if (!context.sees(app.id)) return false;
    if (q && !app.name.toLowerCase().startsWith(q) && !app.label.toLowerCase().startsWith(q)) return false;
    if (users) return users.some((id) => org.assignments.user(app, org.users.find(id), at));
    return !expression || evaluate(expression, valueOf(context, app, at));
  };
  const page = take([...org.apps.all(at, cursorOf(context, "0oa"))].filter(matches), limit);
  return pageOf(
    context,
    page.rows.map((app) => shown(context, app)),
    { limit, next: page.more ? page.rows.at(-1)?.id : undefined },
  );
}

function lifecycle(status: App["status"]) {
  return (context: Context): Reply => {
    setAppStatus(context.org, appOf(context), status);
    return ok({});
  };
}

/** A new OIDC client's secret is shown once, in the answer to the write (recorded traffic). */
function written(context: Context, app: App): Reply {
  const method = valueAt(app.body, "credentials.oauthClient.token_endpoint_auth_method");
  const secret =
    app.signOnMode === "OPENID_CONNECT" && typeof method === "string" && method.startsWith("client_secret")
      ? `simulated-secret-${app.index}`
      : undefined;
  return ok(appJson(app, context, secret));
}

function* appsWith(context: Context, has: (app: App) => boolean): Generator<App> {
  for (const app of context.org.apps.all()) if (context.sees(app.id) && has(app)) yield app;
}

/** Applications, and those of a group or user. */
export function appRoutes(router: Router): void {
  const path = "/api/v1/apps/{appId}";
  router.add("GET", "/api/v1/apps", list);
  router.add("POST", "/api/v1/apps", (context) =>
    written(context, createApp(context.org, bodyOf(context), { activate: context.query.get("activate") !== "false" })),
  );
  router.add("GET", path, (context) => ({ status: 200, json: shown(context, appOf(context)) }));
  router.add("PUT", path, (context) => written(context, updateApp(context.org, appOf(context), bodyOf(context))));
  router.add("DELETE", path, (context) => {
    deleteApp(context.org, appOf(context));
    return NO_CONTENT;
  });
  router.add("POST", `${path}/lifecycle/activate`, lifecycle("ACTIVE"));
  router.add("POST", `${path}/lifecycle/deactivate`, lifecycle("INACTIVE"));
  router.add("GET", "/api/v1/groups/{groupId}/apps", (context) => {
    const group = groupOf(context);
    const limit = limitOf(context, { fallback: 20, max: 200 });
    const apps = [
      ...appsWith(context, (app) => context.org.assignments.group(app.index, group.index) !== undefined),
    ].filter((app) => app.index > cursorOf(context, "0oa"));
    const page = take(apps, limit);
    return pageOf(
      context,
      page.rows.map((app) => shown(context, app)),
      { limit, next: page.more ? page.rows.at(-1)?.id : undefined },
    );
  });
  router.add("GET", "/api/v1/users/{userId}/appLinks", (context) => {
    const u = userOf(context);
    const apps = [
      ...appsWith(context, (app) => app.status === "ACTIVE" && context.org.assignments.user(app, u) !== undefined),
    ];
    return ok(
      apps.map((app, k) => ({
        id: `00ub${app.id.slice(4)}`,
        label: app.label,
        linkUrl: `${context.base}/home/${app.name}/${app.id}`,
        logoUrl: null,
        appName: app.name,
        appInstanceId: app.id,
        appAssignmentId: `0ua${app.id.slice(3)}`,
        credentialsSetup: false,
        hidden: false,
        sortOrder: k,
      })),
    );
  });
}
