import { oktaError } from "../errors.js";
import { instantText, isObject, type JsonObject, valueAt } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { lifecycleLink, link, setStatus } from "./lifecycle.js";
import { policies } from "./policies.js";
import { writable } from "./policy-types.js";

interface Kind {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly status?: string;
  readonly more?: JsonObject;
  readonly methods: readonly JsonObject[];
}

const KEYS = { algorithms: ["ES256", "RS256"], keyProtection: "ANY" };

/** What the org has set up, with the methods of each (shapes of recorded traffic and of the OpenAPI spec). */
const KINDS: readonly Kind[] = [
  {
    key: "okta_password",
    type: "password",
    name: "Password",
    methods: [{ type: "password", status: "ACTIVE" }],
  },
  {
    key: "okta_email",
    type: "email",
    name: "Email",
    more: { settings: { allowedFor: "any", tokenLifetimeInMinutes: 5 } },
    methods: [{ type: "email", status: "ACTIVE" }],
  },
  {
    key: "phone_number",
    type: "phone",
    name: "Phone",
    more: { settings: { allowedFor: "recovery" } },
    methods: [
      { type: "sms", status: "ACTIVE" },
      { type: "voice", status: "INACTIVE" },
    ],
  },
  {
    key: "okta_verify",
    type: "app",
    name: "Okta Verify",
    more: {
      settings: {
        compliance: { fips: "OPTIONAL" },
        channelBinding: { style: "NUMBER_CHALLENGE", required: "HIGH_RISK_ONLY" },
        userVerification: "PREFERRED",
        enrollmentSecurityLevel: "ANY",
        userVerificationMethods: ["PIN", "BIOMETRICS"],
        appInstanceId: "",
      },
    },
    methods: [
      { type: "push", status: "ACTIVE", settings: { ...KEYS, transactionTypes: ["LOGIN"] } },
      {
        type: "totp",
        status: "ACTIVE",
        settings: { timeIntervalInSeconds: 30, encoding: "Base32", algorithm: "HMACSHA1", passCodeLength: 6 },
      },
      { type: "signed_nonce", status: "INACTIVE", settings: { ...KEYS, showSignInWithOV: "NEVER" } },
    ],
  },
  {
    key: "webauthn",
    type: "security_key",
    name: "FIDO2 (WebAuthn)",
    methods: [
      {
        type: "webauthn",
        status: "ACTIVE",
        settings: { userVerification: "PREFERRED", attachment: "ANY", aaguidGroups: [] },
      },
    ],
  },
  {
    key: "duo",
    type: "app",
    name: "Duo Security",
    status: "INACTIVE",
    more: {
      provider: {
        type: "DUO",
        configuration: {
          host: "api-example.duosecurity.com",
          integrationKey: "DIEXAMPLE",
          secretKey: "simulated secret of Duo",
          userNameTemplate: { template: "oktaId" },
        },
      },
    },
    methods: [{ type: "duo", status: "INACTIVE" }],
  },
];

/** The type of an authenticator by its key (OpenAPI spec). */
const TYPES: Readonly<Record<string, string>> = {
  custom_app: "app",
  custom_otp: "security_key",
  duo: "app",
  external_idp: "federated",
  google_otp: "app",
  okta_email: "email",
  okta_password: "password",
  okta_verify: "app",
  onprem_mfa: "security_key",
  phone_number: "phone",
  security_key: "security_key",
  security_question: "security_question",
  smart_card_idp: "federated",
  symantec_vip: "app",
  webauthn: "security_key",
  yubikey_token: "security_key",
  tac: "tac",
};

/** Policies that let people enrol it, by the enrolment settings. */
function usedBy(item: JsonObject, { resources }: ResourceContext): string[] {
  return resources
    .list(policies, {})
    .filter((policy) => {
      const listed = valueAt(policy, "settings.authenticators");
      return (
        Array.isArray(listed) &&
        listed.some(
          (one: unknown) =>
            isObject(one) && one["key"] === item["key"] && valueAt(one, "enroll.self") !== "NOT_ALLOWED",
        )
      );
    })
    .map((policy) => String(policy["name"]));
}

function checkUnused(_: JsonObject, context: ResourceContext, before?: JsonObject): void {
  if (before?.["key"] === "okta_password")
    throw oktaError("E0000001", { arg: "api.authenticator.error.unsupported.active.deactivate" });
  const users = before ? usedBy(before, context) : [];
  if (users.length === 0) return;
  const causes = [`Authenticator Enrollment Policies: ${users.join(", ")}`];
  throw oktaError("E0000148", { arg: "To continue, disable the authenticator in these policies.", causes });
}

/** Authenticators. They are never deleted. */
export const authenticators = defineResource({
  name: "authenticators",
  kind: "Authenticator",
  path: "/api/v1/authenticators",
  prefix: "aut",
  scope: "okta.authenticators",
  list: {},
  hidden: ["provider.configuration.secretKey"],
  create: {
    status: 200,
    required: ["key", "name"],
    check: ({ key }) => {
      if (TYPES[String(key)] === undefined)
        throw oktaError("E0000001", { arg: "key", causes: ["key: The authenticator key is invalid"] });
    },
    make: (body, { query }) => ({
      ...writable(body),
      type: TYPES[String(body["key"])],
      status: query?.get("activate") === "true" ? "ACTIVE" : "INACTIVE",
    }),
    event: "security.authenticator.lifecycle.create",
  },
  replace: {
    status: 200,
    required: ["name"],
    make: (body, _, before = {}) => ({
      ...writable(body),
      id: before["id"],
      key: before["key"],
      type: before["type"],
      status: before["status"],
      created: before["created"],
    }),
    event: "security.authenticator.lifecycle.update",
  },
  actions: {
    activate: { status: 200, make: setStatus("ACTIVE"), event: "security.authenticator.lifecycle.activate" },
    deactivate: {
      status: 200,
      check: checkUnused,
      make: setStatus("INACTIVE"),
      event: "security.authenticator.lifecycle.deactivate",
    },
  },
  shown: (item, { base }) => {
    const href = `${base}/api/v1/authenticators/${String(item["id"])}`;
    return {
      ...item,
      _links: {
        self: link(href, "GET", "PUT"),
        ...lifecycleLink(item, href),
        methods: link(`${href}/methods`, "GET"),
      },
    };
  },
  seed: (context) => {
    const at = instantText(context.org.newest - 30 * 86_400_000);
    return KINDS.map(({ key, type, name, status = "ACTIVE", more }, n) => ({
      type,
      id: seedId(context, "aut", n),
      key,
      status,
      name,
      created: at,
      lastUpdated: at,
      ...more,
    }));
  },
});

/** The authenticator that an item is under. */
export function ownerOf({ resources, ancestors }: ResourceContext): JsonObject | undefined {
  return resources.find(authenticators, {}, ancestors["authenticatorId"] ?? "");
}

/** Methods of an authenticator: neither id nor times. That their change logs an update of the authenticator is not documented. */
export const authenticatorMethods = defineResource({
  name: "authenticator_methods",
  kind: "AuthenticatorMethod",
  path: "/api/v1/authenticators/{authenticatorId}/methods",
  ancestors: { authenticatorId: "authenticators" },
  scope: "okta.authenticators",
  idOf: (item) => String(item["type"]),
  stamps: null,
  list: {},
  replace: {
    status: 200,
    // Full: settings that there are cannot be left out (Okta's own integration tests).
    check: (body, _, before) => {
      if (before?.["settings"] !== undefined && body["settings"] === undefined)
        throw oktaError("E0000001", { arg: "settings", causes: ["settings: The field cannot be left blank"] });
    },
    event: "security.authenticator.lifecycle.update",
  },
  actions: {
    activate: { status: 200, make: setStatus("ACTIVE"), event: "security.authenticator.lifecycle.update" },
    deactivate: { status: 200, make: setStatus("INACTIVE"), event: "security.authenticator.lifecycle.update" },
  },
  targets: (_, context) => {
    const owner = ownerOf(context);
    return [
      {
        id: context.ancestors["authenticatorId"] ?? "",
        type: "Authenticator",
        displayName: String(owner?.["name"] ?? "unknown"),
      },
    ];
  },
  shown: (item, { base, ancestors }) => {
    const href = `${base}/api/v1/authenticators/${ancestors["authenticatorId"] ?? ""}/methods/${String(item["type"])}`;
    return { ...item, _links: { self: link(href, "GET", "PUT"), ...lifecycleLink(item, href) } };
  },
  seed: (context) => KINDS.find(({ key }) => key === ownerOf(context)?.["key"])?.methods ?? [],
});
