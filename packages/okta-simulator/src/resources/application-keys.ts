import { signingRequest } from "../generate/csr.js";
import { instantText, type JsonObject, objectAt, valueAt } from "../json.js";
import type { App } from "../org/apps.js";
import type { Target } from "../org/log-events.js";
import { appTarget } from "../org/targets.js";
import { defineResource, type ResourceContext } from "./definition.js";
import { noise, rsaPart } from "../generate/jwk.js";

const YEAR_MS = 365 * 86_400_000;

/** The application that the item is under. */
export function appOf({ org, ancestors }: ResourceContext): App | undefined {
  return org.apps.find(ancestors["appId"] ?? "");
}

/** The application, where the org began with it: what comes later has only what it is given. */
export function generatedApp(context: ResourceContext): App | undefined {
  const app = appOf(context);
  return app && app.created <= context.org.newest ? app : undefined;
}

/** What is done to a part of an application is logged with the application as target: of most of these events no source tells. */
export function appTargets(_: JsonObject, context: ResourceContext): readonly Target[] {
  const app = appOf(context);
  return app ? [appTarget(app)] : [];
}

/** A signing key as Okta makes it, for so many years. */
export function signingKey(kid: string, from: number, years: number): JsonObject {
  const certificate = noise(`${kid} certificate`, 700, "base64");
  return {
    ...rsaPart(kid),
    created: instantText(from),
    lastUpdated: instantText(from),
    expiresAt: instantText(from + years * YEAR_MS),
    kid,
    use: "sig",
    x5c: [certificate],
    "x5t#S256": noise(certificate, 32),
  };
}

/** Keys that applications sign with (recorded traffic: kid, certificate, no `_links`, no Link header). */
export const applicationKeys = defineResource({
  name: "application_keys",
  kind: "JsonWebKey",
  path: "/api/v1/apps/{appId}/credentials/keys",
  ancestors: { appId: "applications" },
  idOf: (item) => String(item["kid"]),
  scope: "okta.apps",
  stamps: null,
  create: {
    status: 201,
    path: "generate",
    make: (_, { org, query }) => {
      const years = Number(query?.get("validityYears") ?? 2);
      return signingKey(noise(`key ${org.seed} ${org.fresh()}`, 32), org.stamp(), years);
    },
    event: "app.keys.generate",
  },
  targets: appTargets,
  // An application whose sign-on signs something has a key from the start: the one that its credentials name.
  seed: (context) => {
    const app = appOf(context);
    const kid = valueAt(app?.body, "credentials.signing.kid");
    return app && typeof kid === "string" ? [signingKey(kid, app.created, 10)] : [];
  },
});

/** What is kept of a request: its text follows from its id. */
export function signingRequestOf(metadata: JsonObject, at: number): JsonObject {
  return { created: instantText(at), metadata, kty: "RSA" };
}

/** A request with its text and links; `owner` is what it is under. */
export function shownRequest(item: JsonObject, owner: string): JsonObject {
  const id = String(item["id"]);
  const href = `${owner}/credentials/csrs/${id}`;
  return {
    id,
    created: item["created"],
    csr: signingRequest(objectAt(item, "metadata"), rsaPart(id).n),
    kty: item["kty"],
    _links: {
      self: { href, hints: { allow: ["GET", "DELETE"] } },
      publish: { href: `${href}/lifecycle/publish`, hints: { allow: ["POST"] } },
    },
  };
}

/** Certificate signing requests; publishing one ends it and makes a key. */
export const applicationCsrs = defineResource({
  name: "application_csrs",
  kind: "Csr",
  path: "/api/v1/apps/{appId}/credentials/csrs",
  ancestors: { appId: "applications" },
  prefix: "csr",
  scope: "okta.apps",
  stamps: null,
  create: {
    status: 201,
    make: (body, { org }) => signingRequestOf(body, org.stamp()),
    event: "app.app_instance.csr.generate",
  },
  remove: { status: 204, event: "app.app_instance.csr.revoke" },
  targets: appTargets,
  shown: (item, { base, ancestors }) => shownRequest(item, `${base}/api/v1/apps/${ancestors["appId"]}`),
  // Few applications wait for a certificate: every sixth of those that sign SAML.
  seed: (context) => {
    const app = generatedApp(context);
    if (app?.signOnMode !== "SAML_2_0" || app.index % 6 !== 1) return [];
    const metadata = { subject: { countryName: "CH", organizationName: "Simulated Ltd", commonName: app.name } };
    return [{ id: `csr${noise(app.id, 12)}`, ...signingRequestOf(metadata, app.created) }];
  },
});
