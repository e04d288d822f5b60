import { instantText, type JsonObject, valueAt } from "../json.js";
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
function keyOf(kid: string, from: number, years: number): JsonObject {
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
      return keyOf(noise(`key ${org.seed} ${org.fresh()}`, 32), org.stamp(), years);
    },
    event: "app.keys.generate",
  },
  targets: appTargets,
  // An application whose sign-on signs something has a key from the start: the one that its credentials name.
  seed: (context) => {
    const app = appOf(context);
    const kid = valueAt(app?.body, "credentials.signing.kid");
    return app && typeof kid === "string" ? [keyOf(kid, app.created, 10)] : [];
  },
});

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
    make: (body, { org }) => ({
      created: instantText(org.stamp()),
      csr: noise(`csr ${org.fresh()} ${JSON.stringify(body)}`, 600, "base64"),
      kty: "RSA",
    }),
    event: "app.app_instance.csr.generate",
  },
  remove: { status: 204, event: "app.app_instance.csr.revoke" },
  targets: appTargets,
  shown: (item, { base, ancestors }) => {
    const href = `${base}/api/v1/apps/${ancestors["appId"]}/credentials/csrs/${String(item["id"])}`;
    return {
      ...item,
      _links: {
        self: { href, hints: { allow: ["GET", "DELETE"] } },
        publish: { href: `${href}/lifecycle/publish`, hints: { allow: ["POST"] } },
      },
    };
  },
  // Few applications wait for a certificate: every sixth of those that sign SAML.
  seed: (context) => {
    const app = generatedApp(context);
    if (app?.signOnMode !== "SAML_2_0" || app.index % 6 !== 1) return [];
    const id = `csr${noise(app.id, 12)}`;
    return [{ id, created: instantText(app.created), csr: noise(`csr ${app.id}`, 600, "base64"), kty: "RSA" }];
  },
});
