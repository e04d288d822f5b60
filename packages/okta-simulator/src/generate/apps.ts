import type { JsonObject } from "../json.js";
import { rsaPart } from "./jwk.js";
import { mix, pick } from "./hash.js";

const DAY = 86_400_000;

/** A generated application; its directly assigned users are those with number `offset` modulo `stride`. */
export interface GeneratedApp {
  readonly name: string;
  readonly label: string;
  readonly status: "ACTIVE" | "INACTIVE";
  readonly created: number;
  readonly lastUpdated: number;
  readonly signOnMode: string | null;
  /** accessibility, visibility, features, credentials, settings …: the rest of the payload. */
  readonly body: JsonObject;
  readonly stride: number;
  readonly offset: number;
  /** Numbers of the groups that are assigned to it, by priority. */
  readonly groups: readonly number[];
}

/** What to generate. */
export interface AppPlan {
  readonly seed: number;
  readonly users: number;
  readonly groups: number;
  readonly count: number;
  readonly newest: number;
}

interface Kind {
  readonly name: (slug: string) => string;
  readonly signOnMode: string | null;
  readonly parts: (
    slug: string,
    hash: number,
  ) => {
    app?: JsonObject;
    credentials?: JsonObject;
    settings?: JsonObject;
    top?: JsonObject;
    features?: readonly string[];
  };
}

const SAML_SIGN_ON = (slug: string): JsonObject => ({
  defaultRelayState: "",
  ssoAcsUrl: `https://${slug}.example.com/saml/acs`,
  idpIssuer: "http://www.okta.com/${org.externalKey}",
  audience: `https://${slug}.example.com/saml`,
  recipient: `https://${slug}.example.com/saml/acs`,
  destination: `https://${slug}.example.com/saml/acs`,
  subjectNameIdTemplate: "${user.userName}",
  subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  responseSigned: true,
  assertionSigned: true,
  signatureAlgorithm: "RSA_SHA256",
  digestAlgorithm: "SHA256",
  honorForceAuthn: true,
  authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
  spIssuer: null,
  requestCompressed: false,
  attributeStatements: [
    {
      type: "GROUP",
      name: "groups",
      namespace: "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
      filterType: "REGEX",
      filterValue: ".*",
    },
  ],
  inlineHooks: [],
  assertionEncryption: { enabled: false },
  allowMultipleAcsEndpoints: false,
  acsEndpoints: [],
  samlSignedRequestEnabled: false,
  slo: { enabled: false },
});

/** A client for machines: it signs with a key that it registered, and has no user. */
const SERVICE_SETTINGS = (slug: string): JsonObject => ({
  client_uri: null,
  logo_uri: null,
  redirect_uris: [],
  response_types: ["token"],
  grant_types: ["client_credentials"],
  application_type: "service",
  jwks: { keys: [{ ...rsaPart(slug), kid: `${slug}-1`, alg: "RS256" }] },
  consent_method: "TRUSTED",
  issuer_mode: "ORG_URL",
  dpop_bound_access_tokens: false,
});

const OIDC_SETTINGS = (slug: string): JsonObject => ({
  client_uri: null,
  logo_uri: null,
  redirect_uris: [`https://${slug}.example.com/callback`],
  response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token"],
  application_type: "web",
  consent_method: "TRUSTED",
  issuer_mode: "ORG_URL",
  idp_initiated_login: { mode: "DISABLED", default_scope: [] },
  wildcard_redirect: "DISABLED",
  dpop_bound_access_tokens: false,
  participate_slo: false,
});

/** The sign-on modes in about the proportions of the recorded traffic; null is an app for provisioning alone. */
const KINDS: readonly Kind[] = [
  {
    name: () => "oidc_client",
    signOnMode: "OPENID_CONNECT",
    parts: (slug, hash) => ({
      settings: { oauthClient: hash % 3 === 1 ? SERVICE_SETTINGS(slug) : OIDC_SETTINGS(slug) },
      credentials: {
        signing: { kid: `kid-${slug}` },
        oauthClient: {
          autoKeyRotation: true,
          client_id: "",
          token_endpoint_auth_method: hash % 3 === 1 ? "private_key_jwt" : "client_secret_basic",
          pkce_required: false,
        },
      },
      top: { universalLogout: null },
    }),
  },
  {
    name: (slug) => `simulated_${slug}`,
    signOnMode: "SAML_2_0",
    parts: (slug) => ({
      settings: { signOn: SAML_SIGN_ON(slug) },
      credentials: { signing: { kid: `kid-${slug}` } },
      top: { universalLogout: null },
    }),
  },
  {
    name: () => "bookmark",
    signOnMode: "BOOKMARK",
    parts: (slug) => ({ app: { requestIntegration: false, url: `https://${slug}.example.com/` } }),
  },
  {
    name: () => "salesforce",
    signOnMode: "SAML_2_0",
    parts: (slug) => ({
      app: {
        instanceType: "SANDBOX",
        integrationType: "STANDARD",
        loginUrl: `https://${slug}.example.com`,
        logoutUrl: null,
      },
      settings: {
        signOn: {
          defaultRelayState: null,
          ssoAcsUrlOverride: null,
          audienceOverride: null,
          recipientOverride: null,
          destinationOverride: null,
          attributeStatements: [],
        },
      },
      credentials: { signing: { kid: `kid-${slug}` } },
      features: ["PUSH_NEW_USERS", "PUSH_USER_DEACTIVATION"],
      top: {
        licensing: { seatCount: 0 },
        universalLogout: {
          status: "DISABLED",
          supportType: "FULL",
          identityStack: "NOT_SHARED",
          protocol: "PROPRIETARY",
        },
      },
    }),
  },
  {
    name: (slug) => `simulated_${slug}`,
    signOnMode: "AUTO_LOGIN",
    parts: (slug) => ({
      settings: {
        signOn: { redirectUrl: `https://${slug}.example.com`, loginUrl: `https://${slug}.example.com/login` },
      },
      credentials: { scheme: "EDIT_USERNAME_AND_PASSWORD", revealPassword: true },
    }),
  },
  {
    name: () => "template_swa",
    signOnMode: "BROWSER_PLUGIN",
    parts: (slug) => ({
      app: {
        loginUrlRegex: null,
        usernameField: "txtbox-username",
        redirectUrl: null,
        buttonField: "btn-login",
        checkbox: null,
        passwordField: "txtbox-password",
        url: `https://${slug}.example.com/login`,
      },
      credentials: { scheme: "EDIT_USERNAME_AND_PASSWORD", revealPassword: false },
    }),
  },
  {
    name: () => "deelhr",
    signOnMode: null,
    parts: () => ({
      features: ["IMPORT_NEW_USERS", "IMPORT_PROFILE_UPDATES", "PROFILE_MASTERING"],
      top: { universalLogout: { status: "UNSUPPORTED" } },
    }),
  },
  {
    name: () => "pagerduty",
    signOnMode: "SAML_2_0",
    parts: (slug, hash) => ({
      app: {
        adminUserId: null,
        baseUrl: `https://${slug}.example.com`,
        subdomain: slug,
        samlEmailAddress: hash % 2 === 0 ? "false" : "true",
      },
      settings: {
        signOn: {
          defaultRelayState: null,
          ssoAcsUrlOverride: null,
          audienceOverride: null,
          recipientOverride: null,
          destinationOverride: null,
          attributeStatements: [],
        },
      },
      credentials: { signing: { kid: `kid-${slug}` } },
    }),
  },
  {
    name: () => "template_basic_auth",
    signOnMode: "BASIC_AUTH",
    parts: (slug) => ({
      app: { loginUrlRegex: null, authURL: `https://${slug}.example.com/auth`, url: `https://${slug}.example.com/` },
      credentials: { scheme: "ADMIN_SETS_CREDENTIALS", revealPassword: false },
    }),
  },
  {
    name: () => "template_sps",
    signOnMode: "SECURE_PASSWORD_STORE",
    parts: (slug) => ({
      app: {
        usernameField: "user",
        optionalField1: null,
        optionalField1Value: null,
        passwordField: "pass",
        url: `https://${slug}.example.com/`,
      },
      credentials: { scheme: "SHARED_USERNAME_AND_PASSWORD", userName: "shared", password: {}, revealPassword: false },
    }),
  },
];

const WORDS = [
  "Payroll",
  "Wiki",
  "Tickets",
  "Travel",
  "Expenses",
  "Rosters",
  "Façade CMS",
  "Inventory",
  "Learning",
  "Benefits",
  "Chat",
  "Dashboards",
] as const;

/** The payload's common part, and what the sign-on mode adds (recorded traffic). */
export function appBody(name: string, parts: ReturnType<Kind["parts"]>): JsonObject {
  return {
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: {
      autoLaunch: false,
      autoSubmitToolbar: false,
      hide: { iOS: false, web: false },
      appLinks: { [`${name}_link`]: true },
    },
    features: parts.features ?? [],
    credentials: {
      userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
      signing: {},
      ...parts.credentials,
    },
    settings: {
      app: parts.app ?? {},
      notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      emOptInStatus: "NONE",
      notes: { admin: null, enduser: null },
      ...parts.settings,
    },
    ...parts.top,
  };
}

export function generateApps(plan: AppPlan): GeneratedApp[] {
  const apps: GeneratedApp[] = [];
  for (let a = 0; a < plan.count; a++) {
    const hash = mix(plan.seed, a, 300);
    const created = second(plan.newest - 40 * DAY - (hash % 900) * DAY);
    const word = pick(WORDS, hash >>> 3);
    const slug = `${word.toLowerCase().replace(/[^a-z]/g, "")}${a}`;
    const kind = pick(KINDS, a);
    const name = kind.name(slug);
    const size = Math.max(1, Math.round((plan.users * 0.3) / (a + 1) ** 0.9));
    const stride = Math.max(1, Math.floor(plan.users / size));
    const groups = new Set<number>();
    for (let k = 0; k < a % 4 && plan.groups > 1; k++) groups.add(1 + (mix(plan.seed, a, 310 + k) % (plan.groups - 1)));
    apps.push({
      name,
      label: `${word} ${a}`,
      status: a % 11 === 7 ? "INACTIVE" : "ACTIVE",
      created,
      lastUpdated: second(created + (plan.newest - created) * (mix(plan.seed, a, 301) / 0x1_0000_0000)),
      signOnMode: kind.signOnMode,
      body: appBody(name, kind.parts(slug, hash)),
      stride,
      offset: mix(plan.seed, a, 302) % stride,
      groups: [...groups],
    });
  }
  return apps;
}

function second(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
