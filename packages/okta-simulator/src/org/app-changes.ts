import { appBody } from "../generate/apps.js";
import { oktaError } from "../errors.js";
import { isObject, type Json, type JsonObject, objectAt, stringAt } from "../json.js";
import { noise } from "../generate/jwk.js";
import type { App } from "./apps.js";
import { newAppUser } from "./assignments.js";
import type { Org } from "./org.js";
import { appTarget, appUserTarget, userTarget } from "./targets.js";

/** Deep merge of what a caller sent over what is there; arrays and nulls replace. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const before = base[name];
    result[name] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

const READ_ONLY = new Set([
  "id",
  "orn",
  "name",
  "label",
  "status",
  "created",
  "lastUpdated",
  "signOnMode",
  "_links",
  "_embedded",
]);
/** Names of the templates behind a sign-on mode (OpenAPI spec); the others get a name of their own. */
const TEMPLATE: Readonly<Record<string, string>> = {
  OPENID_CONNECT: "oidc_client",
  BOOKMARK: "bookmark",
  BASIC_AUTH: "template_basic_auth",
  BROWSER_PLUGIN: "template_swa",
  SECURE_PASSWORD_STORE: "template_sps",
  WS_FEDERATION: "template_wsfed",
};

const SIGNING = new Set(["OPENID_CONNECT", "SAML_2_0", "SAML_1_1", "WS_FEDERATION"]);

function writable(body: JsonObject): JsonObject {
  const entries = Object.entries(body).filter(([name]) => !READ_ONLY.has(name));
  const credentials = objectAt(body, "credentials");
  // Passwords and secrets are written, never read back (recorded traffic: `{}` stands for a set password).
  const hidden = isObject(credentials["password"]) ? { credentials: { ...credentials, password: {} } } : {};
  return { ...Object.fromEntries(entries), ...hidden };
}

function labelOf(org: Org, body: JsonObject, self: number): string {
  const label = stringAt(body, "label");
  if (!label) throw oktaError("E0000001", { arg: "label", causes: ["label: The field cannot be left blank"] });
  for (const app of org.apps.all()) if (app.index !== self && app.label === label) throw oktaError("E0000040");
  return label;
}

/** POST /apps. */
export function createApp(org: Org, body: JsonObject, options: { activate?: boolean } = {}): App {
  const label = labelOf(org, body, -1);
  const signOnMode = stringAt(body, "signOnMode") ?? null;
  const given = stringAt(body, "name");
  if (!given && !signOnMode)
    throw oktaError("E0000001", { arg: "signOnMode", causes: ["signOnMode: The field cannot be left blank"] });
  if (objectAt(body, "accessibility")["selfService"] === true) {
    throw oktaError("E0000043", {
      causes: ["Self service application assignment for organization managed apps must be enabled."],
    });
  }
  const now = org.stamp();
  const index = org.apps.newIndex();
  const name =
    given ?? TEMPLATE[signOnMode ?? ""] ?? `simulated_${label.toLowerCase().replace(/[^a-z0-9]/g, "")}_${index}`;
  // What signs something has a key of its own (recorded traffic).
  const signing = SIGNING.has(signOnMode ?? "") ? { signing: { kid: noise(`kid ${org.seed} ${index}`, 32) } } : {};
  const parts =
    signOnMode === "OPENID_CONNECT"
      ? {
          credentials: {
            ...signing,
            oauthClient: {
              autoKeyRotation: true,
              client_id: "",
              token_endpoint_auth_method: "client_secret_basic",
              pkce_required: false,
            },
          },
        }
      : { credentials: signing };
  const app: App = {
    index,
    id: org.ids.encode("0oa", index),
    name,
    label,
    status: options.activate === false ? "INACTIVE" : "ACTIVE",
    created: now,
    lastUpdated: now,
    signOnMode,
    body: merged(appBody(name, parts), writable(body)),
    custom: new Map(),
    schemaUpdated: now,
  };
  org.apps.set(index, app, org.now());
  logApp(org, app, "create");
  org.happened({ type: "directory.app_user_profile.bootstrap", targets: [appTarget(app)] });
  if (app.status === "ACTIVE") logApp(org, app, "activate");
  return app;
}

/** OIDC apps log a twin under app.oauth2.client.lifecycle (event catalogue). */
function logApp(org: Org, app: App, verb: string): void {
  org.happened({ type: `application.lifecycle.${verb}`, targets: [appTarget(app)] });
  if (app.signOnMode === "OPENID_CONNECT")
    org.happened({ type: `app.oauth2.client.lifecycle.${verb}`, targets: [appTarget(app)] });
}

/** PUT /apps/{id}: a full replace; what is left out falls back to its default. */
export function updateApp(org: Org, app: App, body: JsonObject): App {
  const mode = stringAt(body, "signOnMode");
  if (mode !== undefined && app.signOnMode !== null && mode !== app.signOnMode)
    throw oktaError("E0000001", {
      arg: "signOnMode",
      causes: ["signOnMode: The sign-on mode of an application cannot be changed"],
    });
  const label = labelOf(org, body, app.index);
  const updated: App = {
    ...app,
    label,
    body: merged(appBody(app.name, keptParts(app)), writable(body)),
    lastUpdated: org.stamp(),
  };
  org.apps.set(app.index, updated, org.now());
  logApp(org, updated, "update");
  return updated;
}

function keptParts(app: App): { credentials: JsonObject; features: readonly string[] } {
  const features = app.body["features"];
  const { signing, oauthClient } = objectAt(app.body, "credentials");
  return {
    features: Array.isArray(features) ? features.map(String) : [],
    credentials: {
      ...(signing === undefined ? {} : { signing }),
      ...(oauthClient === undefined ? {} : { oauthClient }),
    },
  };
}

/** Activates or deactivates; a moment later what groups grant comes or goes (OpenAPI spec: reconciliation of group assignments). */
export function setAppStatus(org: Org, app: App, status: App["status"]): void {
  if (app.status === status) return;
  const updated: App = { ...app, status, lastUpdated: org.stamp() };
  org.apps.set(app.index, updated, org.now());
  logApp(org, updated, status === "ACTIVE" ? "activate" : "deactivate");
  org.later(() => {
    for (const assigned of org.assignments.groupsOf(app.index))
      for (const u of org.members.of(assigned.group)) reconcileUser(org, u, { apps: [updated] });
  });
}

/** DELETE /apps/{id}: only when deactivated; assignments go with it without an event each. */
export function deleteApp(org: Org, app: App): void {
  if (app.status === "ACTIVE") throw oktaError("E0000056");
  org.apps.set(app.index, null, org.now());
  logApp(org, app, "delete");
}

/** Why a user's assignments are looked at again. */
export interface Reconciliation {
  /** Only these applications; default all. */
  readonly apps?: readonly App[];
  /** Only applications to which one of these groups is assigned. */
  readonly groups?: readonly number[];
  /** The user was deactivated: every assignment to an active application ends. */
  readonly ended?: boolean;
  /** The login changed: mapped user names follow. */
  readonly renamed?: boolean;
}

/** Brings a user's application assignments in line with groups and status, as Okta's background job does, with its events. */
export function reconcileUser(org: Org, u: number, reason: Reconciliation): void {
  const user = org.users.get(u);
  if (!user) return;
  for (const listed of reason.apps ?? org.apps.all()) {
    const app = org.apps.get(listed.index);
    if (!app) continue;
    if (reason.groups && !reason.groups.some((g) => org.assignments.group(app.index, g))) continue;
    const present = org.assignments.user(app, u);
    const log = (type: string): void =>
      org.happened({
        type,
        targets: [appUserTarget(org, app, user), appTarget(app), userTarget(user)],
        transaction: "JOB",
      });
    if (reason.ended ? app.status !== "ACTIVE" : false) continue;
    const granting =
      app.status === "ACTIVE" && user.status !== "DEPROVISIONED" ? grantingGroup(org, app, u) : undefined;
    if (present && (reason.ended || (present.scope === "GROUP" && granting === undefined))) {
      org.assignments.setUser(app.index, u, { user: null, now: org.now() });
      log("application.user_membership.remove");
    } else if (!present && granting !== undefined && !reason.ended) {
      org.assignments.setUser(app.index, u, {
        user: { ...newAppUser(app, user, org.stamp()), scope: "GROUP", group: granting },
        now: org.now(),
      });
      log("application.user_membership.add");
    } else if (present && reason.renamed && present.userName !== user.profile["login"]) {
      org.assignments.setUser(app.index, u, {
        user: { ...present, userName: String(user.profile["login"]), lastUpdated: org.stamp() },
        now: org.now(),
      });
      log("application.user_membership.change_username");
    } else if (
      present?.scope === "GROUP" &&
      granting !== undefined &&
      present.group !== granting &&
      !org.members.has(present.group ?? -1, u)
    ) {
      org.assignments.setUser(app.index, u, {
        user: { ...present, group: granting, lastUpdated: org.stamp() },
        now: org.now(),
      });
      log("application.user_membership.update");
    }
  }
}

function grantingGroup(org: Org, app: App, u: number): number | undefined {
  const granting = [...org.assignments.groupsOf(app.index)].filter((assigned) => org.members.has(assigned.group, u));
  return granting.sort((a, b) => a.priority - b.priority)[0]?.group;
}
