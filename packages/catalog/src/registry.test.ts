import { describe, expect, it } from "vitest";

import { describeObjects } from "./describe.js";
import { OBJECTS } from "./objects.js";
import {
  dependantsOf,
  eventTypesFor,
  objectNamed,
  objectOfAlias,
  objectsOf,
  resolveObjects,
  schemaObjectOf,
} from "./registry.js";

/** Names of Skyvia's Okta connector. `Schemas` is one of its objects and three of ours. */
const SKYVIA_NAMES: Readonly<Record<string, string>> = {
  ApplicationCSRs: "application_csrs",
  ApplicationKeyCredentials: "application_keys",
  Applications: "applications",
  AuthorizationServers: "authorization_servers",
  ClientApplications: "client_applications",
  EnrolledFactors: "enrolled_factors",
  EventHooks: "event_hooks",
  GroupRules: "group_rules",
  Groups: "groups",
  IDPDiscoveryPolicies: "idp_discovery_policies",
  IdentityProviders: "identity_providers",
  InlineHooks: "inline_hooks",
  MFAEnrollPolicies: "mfa_enroll_policies",
  OktaSignOnPolicies: "okta_sign_on_policies",
  PasswordPolicies: "password_policies",
  SMS_Templates: "sms_templates",
  Schemas: "user_schemas",
  TrustedOrigins: "trusted_origins",
  UserRoles: "user_roles",
  Users: "users",
};

describe("the registry", () => {
  it("has parents before children", () => {
    const names = OBJECTS.map((definition) => definition.name);
    expect(new Set(names).size).toBe(names.length);
    const late = OBJECTS.filter(({ name, parent }) => parent && names.indexOf(parent.object) >= names.indexOf(name));
    expect(late).toEqual([]);
  });

  it("adds the parents that a selection needs and says so", () => {
    const resolved = resolveObjects(["group_members", "user_schemas"]);
    expect(resolved.objects.map((one) => one.name)).toEqual(["user_types", "user_schemas", "groups", "group_members"]);
    expect(resolved.named).toEqual(["group_members", "user_schemas"]);
    expect([...resolved.added].sort()).toEqual(["groups", "user_types"]);
  });

  it("knows presets, alone and beside names", () => {
    expect(resolveObjects("all").objects).toEqual(OBJECTS);
    const core = resolveObjects(["core", "log_events"]);
    expect(core.objects).toEqual([...objectsOf("core"), objectNamed("log_events")]);
    expect(core.named).toEqual(["log_events"]);
    expect(core.added).toEqual([]);
  });

  it("refuses an unknown name and tells the likely one", () => {
    expect(() => resolveObjects(["UserTypes"])).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", remedy: "Write user_types." }),
    );
    expect(() => resolveObjects(["nonsense"])).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining("group_members") }),
    );
  });

  it("finds objects by the names of other products", () => {
    expect(objectOfAlias("applicationusers")?.name).toBe("application_users");
    expect(objectOfAlias("GroupsUsers")?.name).toBe("group_members");
    for (const one of OBJECTS) {
      // Its own name as well: none is the other name of a second object.
      for (const name of [one.name, ...one.aliases]) expect(objectOfAlias(name)?.name).toBe(one.name);
    }
  });

  it.each(Object.entries(SKYVIA_NAMES))("finds %s, as Skyvia calls it", (alias, name) => {
    expect(objectOfAlias(alias)?.name).toBe(name);
    expect(objectOfAlias(alias.toUpperCase())?.name).toBe(name);
    expect(objectNamed(name)?.aliases.map((one) => one.toLowerCase())).toContain(alias.toLowerCase());
  });

  it("tells what ends with a row, and which schema describes it", () => {
    expect(dependantsOf("users").map(({ object, column }) => `${object.name}.${column}`)).toEqual(
      expect.arrayContaining(["group_members.user_id", "application_users.user_id"]),
    );
    expect(dependantsOf("identity_providers").map(({ object, column }) => `${object.name}.${column}`)).toEqual([
      "identity_provider_signing_keys.identity_provider_id",
      "identity_provider_csrs.identity_provider_id",
      "identity_provider_users.identity_provider_id",
      "profile_mappings.source_id",
      "profile_mappings.target_id",
    ]);
    const users = objectNamed("users");
    expect(users && schemaObjectOf(users)?.name).toBe("user_schemas");
    const types = objectNamed("user_types");
    expect(types && schemaObjectOf(types)).toBeUndefined();
  });

  it("joins the event rules of several objects", () => {
    const rules = eventTypesFor(OBJECTS);
    expect(rules.get("application.lifecycle.create")?.map((rule) => `${rule.object} ${rule.effect}`)).toEqual([
      "applications row",
      "application_user_schemas scope",
      "application_users scope",
      "application_groups scope",
      "application_keys scope",
      "application_features scope",
      "application_connections scope",
      "application_federated_claims scope",
      "profile_mappings whole",
    ]);
    expect(rules.get("user.session.start")).toBeUndefined();
  });

  it("describes every object", () => {
    const rows = Object.fromEntries(describeObjects().map((row) => [row.object, row]));
    expect(Object.keys(rows)).toEqual(OBJECTS.map((one) => one.name));
    expect(rows["users"]).toMatchObject({
      key: ["id"],
      incremental: { how: "filter" },
      deletes: ["event", "not found", "absence"],
      twoWay: true,
    });
    expect(rows["log_events"]).toMatchObject({
      deletes: [],
      tables: ["log_events", "log_event_targets"],
      insert: false,
    });
    expect(rows["group_members"]?.deletes).toEqual(["event", "parent", "absence"]);
  });

  it("says what reading an object costs", () => {
    const costs = Object.fromEntries(describeObjects().map(({ object, requests }) => [object, requests]));
    expect(costs["users"]).toEqual({ first: "1 a page of 200", idle: "1" });
    expect(costs["group_members"]?.first).toMatch(/^1 a page of 1,000 for each group \(none where/);
    expect(costs["enrolled_factors"]).toEqual({ first: "1 a user", idle: "0" });
    expect(costs["linked_objects"]?.first).toBe("1 a user and linked object definition");
    expect(costs["client_secrets"]?.first).toBe("1 an application (sign_on_mode OPENID_CONNECT)");
    expect(costs["policy_rules"]?.first).toBe("1 a policy");
    expect(costs["principal_rate_limits"]?.first).toBe("1 a page of 50 for each of 2 queries");
    expect(costs["domains"]?.first).toBe("1, 1 an item");
    expect(costs["role_subscriptions"]?.first).toMatch(/^1 a custom role, \d+ more$/);
    expect(costs["user_roles"]?.idle).toBe("0 (1 a role assignee without rows)");
    expect(costs["org_settings"]).toEqual({ first: "1", idle: "1" });
  });
});
