import { oktaError } from "../errors.js";
import { type Context, NO_CONTENT, type Reply } from "../http.js";
import { linkedObjects, linkedUsers, relationship } from "../resources/linked-objects.js";
import type { Router } from "../router.js";
import { userOf } from "./users.js";

function idOf(context: Context): string {
  return context.org.users.id(userOf(context));
}

/** Nothing but links to users (recorded traffic). */
function list(context: Context): Reply {
  const users = linkedUsers(context.resources, idOf(context), context.params["name"] ?? "");
  const rows = users.map((id) => JSON.stringify({ _links: { self: { href: `${context.base}/api/v1/users/${id}` } } }));
  return { status: 200, rows };
}

/** Sets the primary of a user, in place of an older one. */
function set(context: Context): Reply {
  const { org, resources, base } = context;
  const primary = org.users.find(context.params["primaryUserId"] ?? "");
  if (primary < 0)
    throw oktaError("E0000007", { arg: `Resource not found: ${context.params["primaryUserId"] ?? ""} (User)` });
  const { primaryName } = relationship(resources, context.params["name"] ?? "");
  const body = { primaryName, primaryUserId: org.users.id(primary) };
  resources.create({ definition: linkedObjects, ancestors: { userId: idOf(context) }, base, body });
  return NO_CONTENT;
}

function remove(context: Context): Reply {
  const { primaryName } = relationship(context.resources, context.params["name"] ?? "");
  context.resources.end({ definition: linkedObjects, ancestors: { userId: idOf(context) } }, primaryName);
  return NO_CONTENT;
}

/** The values of linked objects. */
export function linkedObjectRoutes(router: Router): void {
  const path = "/api/v1/users/{userId}/linkedObjects/{name}";
  router.add("GET", path, list);
  router.add("PUT", `${path}/{primaryUserId}`, set);
  router.add("DELETE", path, remove);
}
