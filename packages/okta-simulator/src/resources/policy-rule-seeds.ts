import type { JsonObject } from "../json.js";
import { type ResourceContext, seedId } from "./definition.js";
import { policyTypeOf } from "./policy-types.js";

interface Rule {
  readonly name: string;
  readonly conditions: JsonObject | null;
  readonly actions: JsonObject;
  readonly status?: string;
  readonly priority?: number;
  /** The system's own rule. Those of old types have no times (OpenAPI spec: null on default rules). */
  readonly system?: boolean;
}

type Make = (policy: JsonObject, context: ResourceContext) => readonly Rule[];

const ANYWHERE = { network: { connection: "ANYWHERE" } };
const EVERYBODY = { people: { users: { exclude: [] } } };

function zoneOf(context: ResourceContext): string {
  return context.org.ids.encode("nzo", 0);
}

function signOn(access: string, more: JsonObject = {}): JsonObject {
  return {
    signon: {
      access,
      requireFactor: false,
      primaryFactor: "PASSWORD_IDP_ANY_FACTOR",
      rememberDeviceByDefault: false,
      session: { usePersistentCookie: false, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 720 },
      ...more,
    },
  };
}

function passwordActions(methods: readonly string[]): JsonObject {
  return {
    passwordChange: { access: "ALLOW" },
    selfServicePasswordReset: {
      access: "ALLOW",
      requirement: { primary: { methods }, stepUp: { required: false }, accessControl: "LEGACY" },
    },
    selfServiceUnlock: { access: "DENY" },
  };
}

function appSignOn(verificationMethod: JsonObject): JsonObject {
  return { appSignOn: { access: "ALLOW", verificationMethod, keepMeSignedIn: { postAuth: "NOT_ALLOWED" } } };
}

const TWO_FACTORS = {
  factorMode: "2FA",
  type: "ASSURANCE",
  reauthenticateIn: "PT12H",
  constraints: [{ possession: { required: true, deviceBound: "REQUIRED" } }],
};

const CHAIN = {
  type: "AUTH_METHOD_CHAIN",
  chains: [
    {
      authenticationMethods: [{ key: "okta_password", method: "password" }],
      next: [{ authenticationMethods: [{ key: "webauthn", method: "webauthn", userVerification: "REQUIRED" }] }],
      reauthenticateIn: "PT4H",
    },
  ],
};

/** Rules by the policy's type: what comes with every policy of it, and a few of the administrators'. */
const RULES: Readonly<Record<string, Make>> = {
  OKTA_SIGN_ON: (policy, context) => {
    const own = { ...ANYWHERE, authContext: { authType: "ANY" }, identityProvider: { provider: "ANY" } };
    const risk = { risk: { behaviors: [] }, riskScore: { level: "ANY" } };
    if (policy["system"] === true)
      return [{ name: "Default Rule", conditions: { ...own, ...EVERYBODY }, actions: signOn("ALLOW"), system: true }];
    return [
      {
        name: "In the office",
        conditions: { ...EVERYBODY, ...own, network: { connection: "ZONE", include: [zoneOf(context)] }, ...risk },
        actions: signOn("ALLOW"),
      },
      {
        name: "Elsewhere",
        conditions: { ...EVERYBODY, ...own, ...risk },
        actions: signOn("ALLOW", { requireFactor: true, factorPromptMode: "SESSION", factorLifetime: 15 }),
      },
    ];
  },
  PASSWORD: (policy) => [
    {
      name: policy["system"] === true ? "Default Rule" : "Reset by mail",
      conditions: { ...EVERYBODY, ...ANYWHERE },
      actions: passwordActions(["email", "sms"]),
      system: policy["system"] === true,
    },
  ],
  MFA_ENROLL: (policy) => [
    {
      name: policy["system"] === true ? "Default Rule" : "At the first sign-in",
      conditions: { ...EVERYBODY, ...ANYWHERE, app: { include: [], exclude: [] } },
      actions: { enroll: { self: policy["system"] === true ? "CHALLENGE" : "LOGIN" } },
      system: policy["system"] === true,
    },
  ],
  IDP_DISCOVERY: (_, context) => [
    {
      name: "Partners",
      conditions: {
        ...ANYWHERE,
        platform: { include: [{ type: "MOBILE", os: { type: "ANY" } }], exclude: [] },
        userIdentifier: { type: "IDENTIFIER", patterns: [{ matchType: "SUFFIX", value: "partner.example.com" }] },
        app: { include: [{ type: "APP", name: null, id: context.org.ids.encode("0oa", 0) }], exclude: [] },
      },
      actions: { idp: { providers: [{ type: "OKTA" }], idpSelectionType: "SPECIFIC" } },
    },
    {
      name: "Default Rule",
      conditions: { ...ANYWHERE },
      actions: { idp: { providers: [{ type: "OKTA" }], idpSelectionType: "SPECIFIC" } },
      system: true,
    },
  ],
  ACCESS_POLICY: (policy) => [
    ...(policy["name"] === "Finance applications"
      ? [
          {
            name: "From managed devices",
            conditions: {
              ...EVERYBODY,
              ...ANYWHERE,
              device: { managed: true, registered: true },
              riskScore: { level: "LOW" },
              userType: { include: [], exclude: [] },
              elCondition: { condition: 'user.status == "ACTIVE"' },
            },
            actions: appSignOn(CHAIN),
          },
        ]
      : []),
    { name: "Catch-all Rule", conditions: null, actions: appSignOn(TWO_FACTORS), system: true },
  ],
  PROFILE_ENROLLMENT: () => [
    {
      name: "Catch-all Rule",
      conditions: null,
      actions: {
        profileEnrollment: {
          access: "ALLOW",
          preRegistrationInlineHooks: null,
          profileAttributes: [{ name: "email", label: "Email", required: true }],
          targetGroupIds: null,
          unknownUserAction: "REGISTER",
          activationRequirements: { emailVerification: true },
          progressiveProfilingAction: "DISABLED",
        },
      },
      system: true,
    },
  ],
  POST_AUTH_SESSION: () => [
    {
      name: "Session Protection Rule",
      conditions: { ...EVERYBODY },
      actions: { postAuthSession: { failureActions: [{ action: "TERMINATE_SESSION", slo: null }] } },
    },
  ],
  ENTITY_RISK: () => [
    {
      name: "High risk",
      conditions: {
        ...EVERYBODY,
        entityRisk: { level: "HIGH" },
        riskDetectionTypes: { include: ["SUSPICIOUS_APP_ACCESS"], exclude: [] },
      },
      actions: { entityRisk: { actions: [{ action: "TERMINATE_ALL_SESSIONS" }] } },
    },
    { name: "Catch-all Rule", conditions: null, actions: { entityRisk: { actions: [] } }, system: true },
  ],
  SESSION_VIOLATION_DETECTION: () => [
    {
      name: "Session Violation Rule",
      conditions: { ...ANYWHERE, riskScore: { minRiskLevel: "LOW" } },
      actions: { sessionViolationDetection: { policyEvaluation: { enabled: true } } },
    },
  ],
  // The names of the parts are the specification's; what is in a provider's is made up.
  DEVICE_SIGNAL_COLLECTION: () => [
    {
      name: "Managed laptops",
      conditions: { ...ANYWHERE, platform: { include: [{ type: "DESKTOP", os: { type: "WINDOWS" } }] } },
      actions: {
        deviceSignalCollection: { deviceContextProviders: [{ key: "OKTA_VERIFY", userIdentification: "IGNORE" }] },
      },
    },
  ],
};

/**
 * The rules that a policy has from the start. A policy that somebody made comes without rules, save the catch-all rule
 * of the types that have one (recorded traffic).
 */
export function ruleSeeds(policy: JsonObject, context: ResourceContext): readonly JsonObject[] {
  const { type, ruleType, identityEngine, firstRule } = policyTypeOf(policy["type"], context);
  const made = context.org.ids.decode(identityEngine ? "rst" : "00p", String(policy["id"])) >= 1_000_000;
  return (RULES[type]?.(policy, context) ?? [])
    .filter((rule) => !made || rule.system === true)
    .map((rule, n) => {
      const at = rule.system === true && !identityEngine ? null : policy["created"];
      return {
        id: seedId(context, identityEngine ? "rul" : "0pr", n),
        status: rule.status ?? "ACTIVE",
        name: rule.name,
        priority: rule.system === true && identityEngine ? 99 : firstRule + n,
        created: at,
        lastUpdated: at,
        system: rule.system ?? false,
        conditions: rule.conditions,
        actions: rule.actions,
        type: ruleType,
      };
    });
}
