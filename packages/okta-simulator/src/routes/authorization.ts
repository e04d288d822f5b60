import { oktaError } from "../errors.js";
import { bodyOf, type Context, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import {
  API_ACCESS,
  authorizationServerKeys,
  authorizationServers,
  rotation,
  serverKey,
} from "../resources/authorization-servers.js";
import { authorizationServerAssociatedServers, TRUST } from "../resources/authorization-trust.js";
import { shown } from "../resources/items.js";
import type { Router } from "../router.js";

/** The next key signs from now on, the one that did expires, and a new one comes after it. */
function rotateKeys(context: Context): Reply {
  const { base, org, resources } = context;
  if (org.withoutFeatures.has(API_ACCESS)) throw oktaError("E0000015");
  if (bodyOf(context)["use"] !== "sig")
    throw oktaError("E0000001", { arg: "use", causes: ["use: Only signing keys can be rotated"] });
  const server = resources.get(authorizationServers, {}, context.params["authServerId"] ?? "");
  const ancestors = { authServerId: String(server["id"]) };
  const at = { definition: authorizationServerKeys, ancestors, base, body: {} };
  const write = { status: 200, event: null };
  const become = (key: JsonObject, status: string): void => {
    resources.write({ ...at, body: { status }, id: String(key["kid"]), write, partial: true });
  };
  const keys = resources.list(authorizationServerKeys, ancestors);
  for (const key of keys) {
    if (key["status"] === "EXPIRED") resources.end(at, String(key["kid"]));
    else become(key, key["status"] === "NEXT" ? "ACTIVE" : "EXPIRED");
  }
  const signing = rotation(org.stamp());
  const made = { definition: authorizationServers, ancestors: {}, base, body: { credentials: { signing } } };
  resources.write({ ...made, id: ancestors.authServerId, write, partial: true });
  resources.add(at, serverKey(`${ancestors.authServerId} ${org.fresh()}`, "NEXT"), {
    event: "app.oauth2.as.key.rollover",
  });
  const within = resources.context({ ancestors, base });
  const rows = resources.list(authorizationServerKeys, ancestors);
  return { status: 200, rows: rows.map((key) => JSON.stringify(shown(authorizationServerKeys, key, within))) };
}

/** Trusts servers; which of them the answer lists is not documented: here those that were named. */
function trustServers(context: Context): Reply {
  const { base, org, resources, params } = context;
  if (org.withoutFeatures.has(API_ACCESS)) throw oktaError("E0000015");
  const definition = authorizationServerAssociatedServers;
  const ancestors = resources.checkAncestors(definition, params);
  const { trusted } = bodyOf(context);
  if (!Array.isArray(trusted)) throw oktaError("E0000001", { arg: "trusted" });
  const named = trusted.map((id) => resources.get(authorizationServers, {}, String(id)));
  for (const { id } of named) {
    const place = { definition, ancestors, base, body: {} };
    resources.write({ ...place, id: String(id), write: TRUST, partial: true });
  }
  const within = resources.context({ ancestors: {}, base });
  return { status: 200, rows: named.map((server) => JSON.stringify(shown(authorizationServers, server, within))) };
}

/** What is done with authorization servers beyond keeping them. */
export function authorizationRoutes(router: Router): void {
  router.add("POST", "/api/v1/authorizationServers/{authServerId}/credentials/lifecycle/keyRotate", rotateKeys);
  router.add("POST", "/api/v1/authorizationServers/{authServerId}/associatedServers", trustServers);
}
