import { oktaError } from "../errors.js";
import { type Context, ok, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import { hookKeys, publicHookKey } from "../resources/hooks.js";
import { identityProviders, identityProviderUsers } from "../resources/identity-providers.js";
import { userSubscriptions } from "../resources/role-assignments.js";
import { shown } from "../resources/items.js";
import type { Router } from "../router.js";
import { userOf } from "./users.js";

/** The providers that a user is linked to. */
function providersOf(context: Context): Reply {
  const { base, org, resources } = context;
  const userId = org.users.id(userOf(context));
  const within = resources.context({ ancestors: {}, base });
  const linked = resources
    .list(identityProviders, {}, org.listedAt())
    .filter(({ id }) => resources.find(identityProviderUsers, { idpId: String(id) }, userId));
  return ok(linked.map((item) => shown(identityProviders, item, within)));
}

/** The public half of a hook's key, by the key's own id. */
function hookKey(context: Context): Reply {
  const id = context.params["keyId"] ?? "";
  const item = context.resources.list(hookKeys, {}).find(({ keyId }) => keyId === id);
  if (!item) throw oktaError("E0000007", { arg: `Resource not found: ${id} (${hookKeys.kind})` });
  return ok(publicHookKey(item));
}

/** Whose notifications: nobody sees another's (OpenAPI spec). */
function subscriber(context: Context): { readonly userId: string } {
  const { org, principal } = context;
  const userId = org.users.id(userOf(context));
  if (userId !== principal.userId) throw oktaError("E0000006");
  return { userId };
}

function subscriptions(context: Context): Reply {
  const { base, resources } = context;
  const ancestors = subscriber(context);
  const within = resources.context({ ancestors, base });
  const row = (item: JsonObject): JsonObject => shown(userSubscriptions, item, within);
  const type = context.params["notificationType"];
  if (type !== undefined) return ok(row(resources.get(userSubscriptions, ancestors, type)));
  return ok(resources.list(userSubscriptions, ancestors).map(row));
}

function subscribe(status: "subscribed" | "unsubscribed") {
  return (context: Context): Reply => {
    const { base, params, resources } = context;
    const write = { status: 200, event: null };
    const at = { definition: userSubscriptions, ancestors: subscriber(context), base, body: { status } };
    resources.write({ ...at, id: params["notificationType"] ?? "", write, partial: true });
    return { status: 200 };
  };
}

/** Views of what is kept elsewhere. */
export function viewRoutes(router: Router): void {
  router.add("GET", "/api/v1/users/{userId}/idps", providersOf);
  router.add("GET", "/api/v1/hook-keys/public/{keyId}", hookKey);
  const notices = "/api/v1/users/{userId}/subscriptions";
  router.add("GET", notices, subscriptions);
  router.add("GET", `${notices}/{notificationType}`, subscriptions);
  router.add("POST", `${notices}/{notificationType}/subscribe`, subscribe("subscribed"));
  router.add("POST", `${notices}/{notificationType}/unsubscribe`, subscribe("unsubscribed"));
}
