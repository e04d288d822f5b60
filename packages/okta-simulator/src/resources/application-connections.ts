import { oktaError } from "../errors.js";
import { instantText, isObject, type JsonObject, valueAt } from "../json.js";
import type { App } from "../org/apps.js";
import type { Target } from "../org/log-events.js";
import { appTarget } from "../org/targets.js";
import { appOf, appTargets, generatedApp } from "./application-keys.js";
import { type Ancestors, defineResource, type Effects, type ResourceContext, seedId } from "./definition.js";
import { link, selfLink } from "./lifecycle.js";

/** Claims in what an application gets at a sign-in (recorded traffic). The event catalogue has no event for them. */
export const applicationFederatedClaims = defineResource({
  name: "application_federated_claims",
  kind: "FederatedClaim",
  path: "/api/v1/apps/{appId}/federated-claims",
  ancestors: { appId: "applications" },
  prefix: "ofc",
  scope: "okta.apps",
  create: {
    status: 201,
    required: ["name", "expression"],
    make: ({ name, expression }) => ({ name, expression }),
    event: null,
  },
  replace: {
    status: 201,
    required: ["name", "expression"],
    make: ({ name, expression }, _, before) => ({ ...before, name, expression }),
    event: null,
  },
  remove: { status: 204, event: null },
  targets: appTargets,
  // Every third of what signs SAML or OIDC has one.
  seed: (context) => {
    const app = generatedApp(context);
    if (!app || !["OPENID_CONNECT", "SAML_2_0"].includes(app.signOnMode ?? "") || app.index % 3 !== 1) return [];
    const at = instantText(app.created);
    const id = seedId(context, "ofc", 0);
    return [{ id, name: "berth", expression: "appuser.berth", created: at, lastUpdated: at }];
  },
});

/** Only with credentials that the other side takes; here any are taken, and only none are refused (texts of Okta's SDK tests). */
function refuseWithoutCredentials(_: JsonObject, __: ResourceContext, before: JsonObject = {}): void {
  const profile = before["profile"];
  if (isObject(profile) && (profile["token"] !== undefined || profile["clientId"] !== undefined)) return;
  throw oktaError("E0000001", { arg: "credential", causes: ["Verification failed: Invalid URL. Not authorized."] });
}

function switchTo(status: string) {
  return (_: JsonObject, __: ResourceContext, before: JsonObject = {}): JsonObject => ({ ...before, status });
}

/**
 * How an application's users are provisioned. Which applications answer is not documented: here those with provisioning
 * features, and Okta's own Org2Org (its SDK tests find one there that is off).
 */
export const applicationConnections = defineResource({
  name: "application_connections",
  kind: "ProvisioningConnection",
  path: "/api/v1/apps/{appId}/connections/default",
  ancestors: { appId: "applications" },
  single: true,
  scope: "okta.apps",
  stamps: null,
  // No recorded answer shows what proves Okta to the application.
  hidden: ["profile.token", "profile.clientId", "profile.settings"],
  update: {
    status: 200,
    required: ["profile.authScheme"],
    make: (body, { query }, before = {}) => {
      const { baseUrl = before["baseUrl"], profile } = body;
      const status = query?.get("activate") === "true" ? "ENABLED" : before["status"];
      const authScheme = valueAt(body, "profile.authScheme");
      return {
        // The answer's own scheme knows TOKEN alone (OpenAPI spec).
        ...(authScheme === "TOKEN" ? { authScheme } : {}),
        status,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        profile,
      };
    },
    event: null,
  },
  actions: {
    activate: { status: 204, check: refuseWithoutCredentials, make: switchTo("ENABLED"), event: null },
    deactivate: { status: 204, make: switchTo("DISABLED"), event: null },
  },
  targets: appTargets,
  shown: (item, context) => {
    const path = `/api/v1/apps/${context.ancestors["appId"]}/connections/default`;
    const verb = item["status"] === "ENABLED" ? "deactivate" : "activate";
    return {
      ...item,
      _links: {
        [verb]: link(`${context.base}${path}/lifecycle/${verb}`, "POST"),
        ...selfLink(context, path, ["POST", "GET"]),
      },
    };
  },
  seed: (context) => {
    const app = appOf(context);
    if (app?.name === "okta_org2org") return [{ authScheme: "TOKEN", status: "DISABLED" }];
    const features = app?.body["features"];
    if (!app || !Array.isArray(features) || features.length === 0) return [];
    if (app.index % 3 === 2)
      return [
        { status: "ENABLED", profile: { authScheme: "OAUTH2", clientId: app.id, signing: { rotationMode: "AUTO" } } },
      ];
    const baseUrl = `https://${app.name}.example.com/scim/v2`;
    const profile = { authScheme: "TOKEN", token: `simulated-token-${app.index}` };
    return [{ authScheme: "TOKEN", status: "ENABLED", baseUrl, profile }];
  },
});

const ENDS = ["requestingAppInstanceId", "resourceAppInstanceId"] as const;

/** The applications of a connection that are there. */
function endsOf(item: JsonObject, { org }: ResourceContext): readonly App[] {
  return ENDS.map((end) => org.apps.find(String(item[end]))).filter((app) => app !== undefined);
}

/** Where the connection is listed besides: with its other application. */
function otherEnd(item: JsonObject, { ancestors }: ResourceContext): Ancestors {
  const [requesting, resource] = ENDS.map((end) => String(item[end]));
  return { appId: (requesting === ancestors["appId"] ? resource : requesting) ?? "" };
}

function copy(item: JsonObject, effects: Effects): void {
  const definition = applicationCrossAppConnections;
  effects.resources.put({ definition, ancestors: otherEnd(item, effects) }, item);
}

/** Cross App Access: one application asks the other. Both list the connection (Okta docs). */
export const applicationCrossAppConnections = defineResource({
  name: "application_cross_app_connections",
  kind: "OrgCrossAppAccessConnection",
  path: "/api/v1/apps/{appId}/cwo/connections",
  ancestors: { appId: "applications" },
  prefix: "cwo",
  scope: "okta.apps",
  // Its default is everything, as far as the largest page goes (Okta docs).
  list: { page: { fallback: 200, max: 200 } },
  create: {
    status: 201,
    required: ENDS,
    check: (body, context) => {
      // Which code refuses these is not documented.
      const own = ENDS.some((end) => body[end] === context.ancestors["appId"]);
      if (!own || new Set(endsOf(body, context)).size < 2) throw oktaError("E0000001", { arg: ENDS[0] });
    },
    make: (body) => ({
      requestingAppInstanceId: body[ENDS[0]],
      resourceAppInstanceId: body[ENDS[1]],
      status: body["status"] ?? "ACTIVE",
    }),
    follow: copy,
    event: "app.cross_app_access.connection.create",
  },
  update: {
    method: "PATCH",
    status: 200,
    required: ["status"],
    make: ({ status }, _, before) => ({ ...before, status }),
    follow: copy,
    event: "app.cross_app_access.connection.update",
  },
  remove: {
    status: 204,
    follow: (item, effects) => {
      const definition = applicationCrossAppConnections;
      effects.resources.end({ definition, ancestors: otherEnd(item, effects) }, String(item["id"]));
    },
    event: "app.cross_app_access.connection.delete",
  },
  present: (item, context) => endsOf(item, context).length === 2,
  // Not documented.
  targets: (item, context): readonly Target[] => [
    { id: String(item["id"]), type: "OrgCrossAppAccessConnection" },
    ...endsOf(item, context).map(appTarget),
  ],
  // Of every ten applications that the org began with, the fourth asks the fifth.
  seed: (context) => {
    const app = generatedApp(context);
    const first = app && app.index % 10 === 3 ? app.index : app?.index === undefined ? -1 : app.index - 1;
    if (!app || first % 10 !== 3) return [];
    const [requesting, resource] = [first, first + 1].map((index) => context.org.apps.get(index));
    if (!requesting || !resource || resource.created > context.org.newest) return [];
    const at = instantText(Math.max(requesting.created, resource.created));
    return [
      {
        created: at,
        id: seedId({ ...context, ancestors: {} }, "cwo", first),
        lastUpdated: at,
        requestingAppInstanceId: requesting.id,
        resourceAppInstanceId: resource.id,
        status: "ACTIVE",
      },
    ];
  },
});
