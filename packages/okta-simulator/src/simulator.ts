import { type Clock, systemClock } from "@tidemark/kernel";
import { createAuthenticator } from "./auth/authenticator.js";
import { ALL_SCOPES } from "./auth/scopes.js";
import { createFaults, type Faults } from "./faults.js";
import { type JsonObject, valueAt } from "./json.js";
import { type ServiceKey, ServiceKeys } from "./keys.js";
import type { OrgFeature } from "./org/features.js";
import { type Lag, Org } from "./org/org.js";
import { seedRoles, standardRole, superAdmin } from "./org/roles.js";
import { evaluateRules, generateRules } from "./org/rule-changes.js";
import { SimulatedOrg } from "./org/simulated-org.js";
import { createRateLimiter, type RateLimiterOptions, type RatePlan } from "./rate-limits.js";
import { RequestLog } from "./requests.js";
import { resetFactors } from "./resources/factors.js";
import { ResourceStore } from "./resources/store.js";
import { OktaServer } from "./server.js";

/** Everything has a default; the same options give the same org. */
export interface SimulatorOptions {
  /** Generated users; default 1000. */
  readonly users?: number;
  /** Generated groups beside Everyone; default by the number of users. */
  readonly groups?: number;
  /** Generated applications; default by the number of users. */
  readonly apps?: number;
  /** Generated group rules; default 3 where there are groups. */
  readonly rules?: number;
  /** Custom user attributes of the default user type; default 15. With 0 groups have no custom attributes either. */
  readonly customAttributes?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Added to every answer; default 0. */
  readonly latencyMs?: number;
  /** `okta`: Okta's default limits are enforced; default `off`: the headers are there, nothing is refused. */
  readonly rateLimits?: "okta" | "off";
  readonly plan?: RatePlan;
  /** Whether the headers show the org's limit (default) or the token's share of it. */
  readonly shows?: "org" | "share";
  /** Further settings of the rate limiter: share, concurrency, limits, background. */
  readonly limiter?: Partial<RateLimiterOptions>;
  /** How far readers lie behind writers; default 0 everywhere. */
  readonly lag?: Partial<Lag>;
  /** What the org has not bought: its endpoints answer 401 E0000015. */
  readonly withoutFeatures?: readonly OrgFeature[];
  /** A preview org, whose resource names begin with `orn:oktapreview`; default false. */
  readonly preview?: boolean;
  /** How far back, in days, a log request's `since` may lie before it is refused; default 180 (Okta docs). */
  readonly logSinceDays?: number;
  /** Sign-ins already in the log, spread over the last day; default 0. */
  readonly signIns?: number;
  /** The API token (SSWS); default one that never changes. */
  readonly token?: string;
  /** Scopes granted to the service app; default those of everything the org answers. */
  readonly scopes?: readonly string[];
  /** Whether the service app requires DPoP; default false. */
  readonly dpop?: boolean;
  readonly clock?: Clock;
}

/** A running simulated org. */
export interface Simulator {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** The API token of the org's administrator (user 0, a super administrator). */
  readonly token: string;
  /** Id of that token, as the log and the token list name it (00T…). */
  readonly tokenId: string;
  /** The service app's client id. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly privateKeyPem: string;
  readonly privateKeyJwk: ServiceKey["jwk"];
  /** Its elliptic-curve key (P-256), registered beside the RSA key. */
  readonly ecPrivateKeyPem: string;
  readonly ecPrivateKeyJwk: ServiceKey["jwk"];
  readonly org: SimulatedOrg;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Ends an API token or access token at once, as when an admin revokes it. */
  revokeToken(tokenId: string): void;
  close(): Promise<void>;
}

/** Starts an Okta org over HTTP on a loopback port. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const org = createOrg(options);
  let url = "";
  const resources = new ResourceStore(org);
  const simulated = new SimulatedOrg(org, resources, () => url);
  const [token, tokenId] = [options.token ?? "00Qsimulated_org_token_for_tests", org.ids.encode("00T", 1)];
  const clientId = org.ids.encode("0oa", 9_000_000);
  const scopes = options.scopes ?? ALL_SCOPES;
  const keys = new ServiceKeys();
  const client = {
    clientId,
    scopes,
    requireDpop: options.dpop ?? false,
    get publicJwks() {
      return keys.public;
    },
  };
  org.serviceApp = { clientId, keys: () => keys.public.map((key) => JSON.parse(JSON.stringify(key)) as JsonObject) };
  const authenticator = createAuthenticator({
    url: () => url,
    tokens: [{ id: tokenId, userId: org.users.id(0), value: token }],
    clients: [client],
    clock: org.clock,
    ownerActive: (userId) => isActive(org, userId),
  });
  const requests = new RequestLog();
  const faults = createFaults(org.clock, org.seed);
  const limiter = createRateLimiter({
    mode: options.rateLimits ?? "off",
    clock: org.clock,
    ...(options.plan ? { plan: options.plan } : {}),
    ...(options.shows ? { shows: options.shows } : {}),
    ...options.limiter,
  });
  // The holders' roles are part of the generated org, not news in its log.
  for (const holder of [org.users.id(0), clientId]) org.roles.set(holder, [superAdmin(org, holder)]);
  for (const app of org.apps.all()) {
    if (valueAt(app.body, "settings.oauthClient.application_type") === "service")
      org.roles.set(app.id, [standardRole(org, app.id, "READ_ONLY_ADMIN")]);
  }
  seedRoles(org);
  org.factorsReset = (userId) => resetFactors(resources, userId);
  if (options.signIns) simulated.signIns(options.signIns, 86_400_000);
  const server = new OktaServer({
    org,
    resources,
    simulated,
    authenticator,
    limiter,
    faults,
    requests,
    latencyMs: options.latencyMs ?? 0,
  });
  const port = await server.listen(options.port ?? 0);
  url = `http://127.0.0.1:${port}`;
  return {
    url,
    token,
    tokenId,
    clientId,
    scopes,
    faults,
    requests,
    org: simulated,
    get privateKeyPem() {
      return keys.rsa.pem;
    },
    get privateKeyJwk() {
      return keys.rsa.jwk;
    },
    get ecPrivateKeyPem() {
      return keys.ec.pem;
    },
    get ecPrivateKeyJwk() {
      return keys.ec.jwk;
    },
    revokeToken: (id) => authenticator.revoke(id),
    close: () => server.close(),
  };
}

function isActive(org: Org, userId: string): boolean {
  const user = org.users.find(userId);
  return user >= 0 && org.users.status(user) === "ACTIVE";
}

function createOrg(options: SimulatorOptions): Org {
  const users = options.users ?? 1000;
  if (users < 1) throw new RangeError("a simulated org has at least one user: its administrator");
  const groups = options.groups ?? Math.max(5, Math.min(2000, Math.round(users / 20)));
  const org = new Org({
    users,
    groups,
    apps: options.apps ?? Math.max(3, Math.min(400, Math.round(users / 50))),
    customAttributes: options.customAttributes ?? 15,
    seed: options.seed ?? 1,
    lag: { listMs: 0, searchMs: 0, membershipMs: 0, logMs: 0, ...options.lag },
    logSinceDays: options.logSinceDays ?? 180,
    clock: options.clock ?? systemClock,
    ...(options.withoutFeatures ? { withoutFeatures: options.withoutFeatures } : {}),
    preview: options.preview === true,
  });
  org.memberReactions = (u) => evaluateRules(org, u);
  generateRules(org, options.rules ?? (groups > 0 ? 3 : 0));
  return org;
}
