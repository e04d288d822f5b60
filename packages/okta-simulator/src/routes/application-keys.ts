import { oktaError } from "../errors.js";
import type { Context, Reply } from "../http.js";
import { instantText, type JsonObject } from "../json.js";
import { applicationCsrs, applicationKeys } from "../resources/application-keys.js";
import { applicationTokens } from "../resources/application-grants.js";
import type { Ancestors, ResourceDefinition } from "../resources/definition.js";
import { identityProviderCsrs, identityProviderSigningKeys } from "../resources/identity-provider-credentials.js";
import { noise, rsaPart } from "../generate/jwk.js";
import type { Router } from "../router.js";
import { appOf } from "./apps.js";

const YEAR_MS = 365 * 86_400_000;

/** What has keys of its own: an application or a provider. Which events tell of a provider's is not documented. */
interface Holder {
  readonly keys: ResourceDefinition;
  readonly csrs: ResourceDefinition;
  /** The parameter that names who gets the copy of a key. */
  readonly target: string;
  readonly cloned: string | null;
  readonly published: string | null;
}

const APPLICATION: Holder = {
  keys: applicationKeys,
  csrs: applicationCsrs,
  target: "targetAid",
  cloned: "app.keys.clone",
  published: "app.app_instance.csr.publish",
};

const PROVIDER: Holder = {
  keys: identityProviderSigningKeys,
  csrs: identityProviderCsrs,
  target: "targetIdpId",
  cloned: null,
  published: null,
};

/** Whose keys the path is about; 404 where the caller sees none such. */
function holderOf(context: Context, definition: ResourceDefinition): Ancestors {
  const ancestors = context.resources.checkAncestors(definition, context.params);
  const hidden = Object.values(ancestors).find((id) => !context.sees(id));
  if (hidden !== undefined) throw oktaError("E0000007", { arg: `Resource not found: ${hidden}` });
  return ancestors;
}

/** The same key, known to another as well. */
function cloneKey(context: Context, { keys, target, cloned }: Holder): Reply {
  const { base, query, params, resources } = context;
  const key = resources.get(keys, holderOf(context, keys), params["keyId"] ?? "");
  const [name = ""] = Object.keys(keys.ancestors ?? {});
  const ancestors = resources.checkAncestors(keys, { [name]: query.get(target) ?? "" });
  const copy = resources.add({ definition: keys, ancestors, base, body: {} }, key, { event: cloned });
  return { status: 201, json: JSON.stringify(copy) };
}

/** A certificate in base64, from PEM, from base64, or from DER (its bytes are the text's characters). */
function certificateIn(text: string): string {
  const bare = text.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  return /^[A-Za-z0-9+/=]*$/.test(bare) ? bare : Buffer.from(text, "latin1").toString("base64");
}

/** The certificate for a request (Okta docs). Any is taken; a real org checks that it fits. */
function publishCsr(context: Context, { keys, csrs, published }: Holder): Reply {
  const { base, org, resources } = context;
  const ancestors = holderOf(context, csrs);
  const id = String(resources.get(csrs, ancestors, context.params["csrId"] ?? "")["id"]);
  const certificate = certificateIn(context.bodyText);
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
  const event = published === null ? {} : { event: published };
  resources.remove({ definition: csrs, ancestors, base, body: {}, id, ...event });
  const added = resources.add({ definition: keys, ancestors, base, body: {} }, key, { event: null });
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

/** What is done with the credentials of applications and providers beyond keeping them. */
export function applicationKeyRoutes(router: Router): void {
  for (const holder of [APPLICATION, PROVIDER]) {
    router.add("POST", `${holder.keys.path}/{keyId}/clone`, (context) => cloneKey(context, holder));
    router.add("POST", `${holder.csrs.path}/{csrId}/lifecycle/publish`, (context) => publishCsr(context, holder));
  }
  router.add("DELETE", "/api/v1/apps/{appId}/tokens", revokeTokens);
}
