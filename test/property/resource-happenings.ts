import type { JsonObject, Simulator } from "@tidemark/okta-simulator";

import { RESOURCES } from "../../packages/okta-simulator/src/resources/all.js";
import { idOf, type ResourceDefinition } from "../../packages/okta-simulator/src/resources/definition.js";

/** Chooses one of what there is; `which` tells apart two choices of one happening. */
export type Pick = <T>(among: readonly T[], which: 0 | 1) => T | undefined;

/** What choosing a body may look at. */
interface Surroundings {
  readonly sim: Simulator;
  readonly pick: Pick;
  /** Another number at every call. */
  readonly n: number;
}

type Body = (around: Surroundings) => JsonObject;

const userOf = ({ sim, pick }: Surroundings): string => pick(idsOf(sim, "users"), 1) ?? "";
const groupOf = ({ sim, pick }: Surroundings): string => pick(idsOf(sim, "groups"), 1) ?? "";
const appOf = ({ sim, pick }: Surroundings): string => pick(idsOf(sim, "applications"), 1) ?? "";
const channel = (n: number): JsonObject => ({
  type: "HTTP",
  version: "1.0.0",
  config: { uri: `https://hooks.example/${n}`, method: "POST" },
});
const policy =
  (type: string): Body =>
  ({ n }) => ({ type, name: `Policy ${n}` });

/** Resource → a body that creates one of it. */
const CREATIONS: readonly (readonly [string, Body])[] = [
  ["network_zones", ({ n }) => ({ type: "IP", name: `Zone ${n}`, gateways: [{ type: "CIDR", value: "10.1.0.0/16" }] })],
  ["trusted_origins", ({ n }) => ({ name: `Place ${n}`, origin: `https://${n}.example`, scopes: [{ type: "CORS" }] })],
  ["behaviors", ({ n }) => ({ name: `Behavior ${n}`, type: "VELOCITY", settings: { velocityKph: n } })],
  ["policies", policy("OKTA_SIGN_ON")],
  ["policies", policy("PASSWORD")],
  ["policies", policy("ACCESS_POLICY")],
  ["policies", policy("MFA_ENROLL")],
  ["policies", policy("PROFILE_ENROLLMENT")],
  ["policy_rules", ({ n }) => ({ name: `Rule ${n}` })],
  ["policy_rules", ({ n }) => ({ name: `First rule ${n}`, priority: 0 })],
  ["policy_mappings", (around) => ({ resourceId: appOf(around) })],
  ["authorization_servers", ({ n }) => ({ name: `Server ${n}`, audiences: [`api://${n}`] })],
  ["authorization_server_claims", ({ n }) => ({ name: `claim${n}`, value: "1", valueType: "EXPRESSION" })],
  ["authorization_server_scopes", ({ n }) => ({ name: `scope:${n}` })],
  ["authorization_server_policies", ({ n }) => ({ name: `Access ${n}` })],
  ["authorization_server_policy_rules", ({ n }) => ({ name: `Access rule ${n}` })],
  ["event_hooks", ({ n }) => ({ name: `Hook ${n}`, events: { type: "EVENT_TYPE", items: [] }, channel: channel(n) })],
  [
    "inline_hooks",
    ({ n }) => ({ name: `Inline ${n}`, type: "com.okta.saml.tokens.transform", version: "1.0.0", channel: channel(n) }),
  ],
  ["hook_keys", ({ n }) => ({ name: `Key ${n}` })],
  ["identity_providers", ({ n }) => ({ name: `Login ${n}`, type: "GOOGLE", protocol: { type: "OIDC" }, policy: {} })],
  ["identity_provider_signing_keys", () => ({})],
  ["identity_provider_csrs", () => ({})],
  ["yubikey_tokens", ({ n }) => ({ serialNumber: `${n}`, publicId: "cccc", privateId: "b7", aesKey: "1f" })],
  [
    "factors",
    () => ({ factorType: "question", provider: "OKTA", profile: { question: "first_award", answer: "gold" } }),
  ],
  ["custom_roles", ({ n }) => ({ label: `Role ${n}`, description: "", permissions: ["okta.users.read"] })],
  ["resource_sets", ({ n, sim }) => ({ label: `Set ${n}`, description: "", resources: [`${sim.url}/api/v1/groups`] })],
  ["resource_set_resources", (around) => ({ resourceOrnOrUrl: `${around.sim.url}/api/v1/groups/${groupOf(around)}` })],
  [
    "resource_set_bindings",
    (around) => ({
      role: around.pick([...around.sim.org.truthOf("custom_roles")], 1)?.["id"] ?? "",
      members: [`${around.sim.url}/api/v1/users/${userOf(around)}`],
    }),
  ],
  ["brands", ({ n }) => ({ name: `Brand ${n}` })],
  ["email_customizations", () => ({ subject: "Welcome", body: "<p>${activationLink}</p>", language: "fr" })],
  ["devices", ({ n }) => ({ profile: { displayName: `Tablet ${n}`, platform: "ANDROID" } })],
  ["device_users", (around) => ({ user: { id: userOf(around) } })],
  ["device_assurances", ({ n }) => ({ name: `Assurance ${n}`, platform: "IOS", osVersion: { minimum: "17.0" } })],
  ["application_keys", () => ({})],
  ["application_csrs", () => ({})],
  ["group_push_mappings", (around) => ({ sourceGroupId: groupOf(around), targetGroupName: `Pushed ${around.n}` })],
  ["application_grants", ({ sim }) => ({ scopeId: "okta.users.read", issuer: sim.url })],
  ["client_secrets", () => ({})],
  ["group_owners", (around) => ({ id: userOf(around), type: "USER" })],
  ["user_grants", (around) => ({ clientId: appOf(around), scopeId: "scp1" })],
  ["realms", ({ n }) => ({ profile: { name: `Realm ${n}` } })],
  ["captchas", ({ n }) => ({ name: `Captcha ${n}`, siteKey: "s", secretKey: "k", type: "HCAPTCHA" })],
  ["api_tokens", ({ n }) => ({ name: `Token ${n}` })],
  ["agent_pools", ({ n }) => ({ name: `Pool ${n}`, type: "Radius" })],
  ["sms_templates", ({ n }) => ({ name: `Text ${n}`, type: "SMS_VERIFY_CODE", template: "${code}" })],
  ["linked_object_definitions", ({ n }) => linkOf(n)],
  ["domains", ({ n }) => ({ domain: `login${n}.example.com`, certificateSourceType: "MANUAL" })],
];

function linkOf(n: number): JsonObject {
  return {
    primary: { name: `leader${n}`, title: "Leader", type: "USER" },
    associated: { name: `crew${n}`, title: "Crew", type: "USER" },
  };
}

const KINDS = ["users", "groups", "applications"] as const;

function idsOf(sim: Simulator, kind: (typeof KINDS)[number]): string[] {
  return [...sim.org.truth(kind)].map((item) => String(item["id"]));
}

function named(name: string): ResourceDefinition {
  const found = RESOURCES.find((one) => one.name === name);
  if (!found) throw new RangeError(`no resource is called ${name}`);
  return found;
}

/** Ancestors under which one of the resource can be, chosen among those that are there. */
function ancestorsFor(definition: ResourceDefinition, sim: Simulator, pick: Pick): Record<string, string> | undefined {
  const [parameter, name] = Object.entries(definition.ancestors ?? {}).at(-1) ?? [];
  if (parameter === undefined || name === undefined) return {};
  const kind = KINDS.find((one) => one === name);
  if (kind) {
    const id = pick(idsOf(sim, kind), 0);
    return id === undefined ? undefined : { [parameter]: id };
  }
  const parent = pick([...sim.org.truthOf(name)], 0);
  return parent && { ...ancestorsOf(named(name), parent), [parameter]: idOf(named(name), parent) };
}

function ancestorsOf(definition: ResourceDefinition, item: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.keys(definition.ancestors ?? {}).map((name) => [name, String(item[name])]));
}

/** One item of a resource that can be written in this way. */
function anyItem(
  around: Surroundings,
  can: (definition: ResourceDefinition) => boolean,
): { definition: ResourceDefinition; id: string; item: JsonObject; ancestors: Record<string, string> } | undefined {
  const { sim, pick } = around;
  const definition = pick(
    RESOURCES.filter((one) => can(one)),
    0,
  );
  const item = definition && pick([...sim.org.truthOf(definition.name)], 1);
  if (!definition || !item) return undefined;
  return { definition, id: idOf(definition, item), item, ancestors: ancestorsOf(definition, item) };
}

/** What was touched: the path of its list. */
type Touched = string | undefined;

/** Creates one of the declared resources. */
export function createResource(around: Surroundings): Touched {
  const { sim, pick } = around;
  const [name, body] = pick(CREATIONS, 0) ?? [];
  if (name === undefined || body === undefined) return undefined;
  // Another choice among the ancestors than the one that led to the recipe.
  const ancestors = ancestorsFor(named(name), sim, (among) => pick(among, 1));
  if (ancestors) sim.org.create(name, body(around), ancestors);
  return named(name).path;
}

/** Changes what people would see first: the name, the label or the description. */
export function changeResource(around: Surroundings): Touched {
  const found = anyItem(around, ({ replace, update }) => (replace ?? update) !== undefined);
  if (!found) return undefined;
  const field = ["name", "label", "displayName", "description"].find((one) => typeof found.item[one] === "string");
  const own = Object.keys(found.definition.ancestors ?? {});
  const item = Object.fromEntries(
    Object.entries(found.item).filter(([name]) => !own.includes(name) && name !== "_links"),
  );
  const body = field === undefined ? item : { ...item, [field]: `Changed ${around.n}` };
  around.sim.org.change(found.definition.name, found.id, body, found.ancestors);
  return found.definition.path;
}

/** Activates, deactivates, verifies … whatever the resource can. */
export function actOnResource(around: Surroundings): Touched {
  const found = anyItem(around, ({ actions }) => Object.keys(actions ?? {}).length > 0);
  const action = found && around.pick(Object.keys(found.definition.actions ?? {}), 1);
  if (found && action !== undefined) around.sim.org.act(found.definition.name, found.id, action, found.ancestors);
  return found?.definition.path;
}

/** Removes an item, deactivated first where only such may go. */
export function removeResource(around: Surroundings): Touched {
  const found = anyItem(around, ({ remove }) => remove !== undefined);
  if (!found) return undefined;
  const { definition, id, item, ancestors } = found;
  const { org } = around.sim;
  if (item["status"] === "ACTIVE" && definition.actions?.["deactivate"])
    org.act(definition.name, id, "deactivate", ancestors);
  // The token that the tests use stays.
  if (definition.name !== "api_tokens" || String(item["name"]).startsWith("Token "))
    try {
      org.remove(definition.name, id, ancestors);
    } catch (error) {
      // What may not go (the default one) is inactive now all the same.
      if (!(error instanceof Error) || error.name !== "OktaError") throw error;
    }
  return definition.path;
}
