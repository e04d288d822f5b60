import { oktaError } from "../errors.js";
import type { Context, Reply } from "../http.js";
import { instantText, type JsonObject } from "../json.js";
import { applicationCsrs, applicationKeys } from "../resources/application-keys.js";
import { applicationTokens } from "../resources/application-grants.js";
import { noise, rsaPart } from "../generate/jwk.js";
import type { Router } from "../router.js";
import { appOf } from "./apps.js";

const YEAR_MS = 365 * 86_400_000;

/** The same key, known to another application as well. */
function cloneKey(context: Context): Reply {
  const source = appOf(context);
  const { base, query, resources } = context;
  const target = query.get("targetAid") ?? "";
  if (!context.org.apps.find(target))
    throw oktaError("E0000007", { arg: `Resource not found: ${target} (AppInstance)` });
  const key = resources.get(applicationKeys, { appId: source.id }, context.params["keyId"] ?? "");
  const to = { definition: applicationKeys, ancestors: { appId: target }, base, body: {} };
  const copy = resources.add(to, key, { event: "app.keys.clone" });
  return { status: 201, json: JSON.stringify(copy) };
}

/** The certificate for a request: PEM or DER (Okta docs). Any is taken; a real org checks that it fits. */
function publishCsr(context: Context): Reply {
  const { id: appId } = appOf(context);
  const { base, org, resources } = context;
  const ancestors = { appId };
  const csr = resources.get(applicationCsrs, ancestors, context.params["csrId"] ?? "");
  const id = String(csr["id"]);
  const certificate = context.bodyText.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  const now = org.stamp();
  const key: JsonObject = {
    ...rsaPart(id),
    created: instantText(now),
    lastUpdated: instantText(now),
    expiresAt: instantText(now + YEAR_MS),
    kid: noise(`published ${id}`, 32),
    use: "sig",
    x5c: [certificate],
    "x5t#S256": noise(certificate, 32),
  };
  const event = "app.app_instance.csr.publish";
  resources.remove({ definition: applicationCsrs, ancestors, base, body: {}, id, event });
  const added = resources.add({ definition: applicationKeys, ancestors, base, body: {} }, key, { event: null });
  return { status: 201, json: JSON.stringify(added) };
}

/** Ends all of an application's refresh tokens. */
function revokeTokens(context: Context): Reply {
  const ancestors = { appId: appOf(context).id };
  const { base, resources } = context;
  for (const token of resources.list(applicationTokens, ancestors)) {
    resources.remove({ definition: applicationTokens, ancestors, base, body: {}, id: String(token["id"]) });
  }
  return { status: 204 };
}

/** What is done with applications' credentials beyond keeping them. */
export function applicationKeyRoutes(router: Router): void {
  const credentials = "/api/v1/apps/{appId}/credentials";
  router.add("POST", `${credentials}/keys/{keyId}/clone`, cloneKey);
  router.add("POST", `${credentials}/csrs/{csrId}/lifecycle/publish`, publishCsr);
  router.add("DELETE", "/api/v1/apps/{appId}/tokens", revokeTokens);
}
