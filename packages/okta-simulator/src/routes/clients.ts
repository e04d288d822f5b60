import { oktaError } from "../errors.js";
import { bodyOf, type Context, type Reply } from "../http.js";
import { type JsonObject, stringAt } from "../json.js";
import { createApp, deleteApp, setAppStatus, updateApp } from "../org/app-changes.js";
import type { App } from "../org/apps.js";
import { clientJson } from "../resources/clients.js";
import { noise } from "../generate/jwk.js";
import type { Router } from "../router.js";

/** The application that a client's registration stands for. */
function applicationOf(body: JsonObject): JsonObject {
  const { client_name, token_endpoint_auth_method, client_id, ...settings } = body;
  if (typeof client_name !== "string")
    throw oktaError("E0000001", { arg: "client_name", causes: ["client_name: The field cannot be left blank"] });
  const method = token_endpoint_auth_method === undefined ? {} : { token_endpoint_auth_method };
  return {
    name: "oidc_client",
    label: client_name,
    signOnMode: "OPENID_CONNECT",
    credentials: { oauthClient: { ...(client_id === undefined ? {} : { client_id }), ...method } },
    settings: { oauthClient: settings },
  };
}

function appOf(context: Context): App {
  const id = context.params["clientId"] ?? "";
  for (const app of context.org.apps.all()) {
    if (app.signOnMode === "OPENID_CONNECT" && clientJson(app)["client_id"] === id && context.sees(app.id)) return app;
  }
  throw oktaError("E0000007", { arg: `Resource not found: ${id} (PublicClientApp)` });
}

/** The secret comes with the answers to writes alone (oauth.yaml). */
function written(app: App, status: number): Reply {
  const client = clientJson(app);
  const method = stringAt(client, "token_endpoint_auth_method");
  const secret = method?.startsWith("client_secret") ? { client_secret: noise(`secret ${app.id} 0`, 48) } : {};
  return { status, json: JSON.stringify({ ...client, ...secret }) };
}

/** Writes to clients; they are read as a declared resource. */
export function clientRoutes(router: Router): void {
  const client = "/oauth2/v1/clients/{clientId}";
  router.add("POST", "/oauth2/v1/clients", (context) =>
    written(createApp(context.org, applicationOf(bodyOf(context))), 201),
  );
  router.add("PUT", client, (context) =>
    written(updateApp(context.org, appOf(context), applicationOf(bodyOf(context))), 200),
  );
  // Without a step to switch it off first (Okta docs name none).
  router.add("DELETE", client, (context) => {
    const app = appOf(context);
    setAppStatus(context.org, app, "INACTIVE");
    deleteApp(context.org, { ...app, status: "INACTIVE" });
    return { status: 204 };
  });
}
