import { OBJECTS } from "@tidemark/catalog";
import { afterEach, describe, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

const FAMILY = OBJECTS.map(({ name }) => name)
  .filter((name) => /polic(y|ies)|authenticator|network_zones|trusted_origins|behaviors/.test(name))
  .filter((name) => !/^device_(assurances|posture|users)|authorization|email/.test(name));

const PIPELINE = `objects: [applications, ${FAMILY.join(", ")}]`;

async function idOf(table: string, name: string): Promise<string> {
  const [row] = await world.query<{ id: string }>(`select id from ${table} where name = '${name}'`);
  return row?.id ?? "";
}

describe("policies and what guards sign-in", () => {
  test("follow the log: the moved priorities, the rules of a new policy, a mapping's move and end, all deletes", async () => {
    world = await createWorld({ pipeline: PIPELINE, apps: 8 });
    const { org } = world.sim;
    await world.run();
    expect(await world.differences(FAMILY)).toEqual([]);
    expect(await world.query("select distinct resource_type from access_policies order by 1")).toHaveLength(2);

    const guests = String(org.create("policies", { type: "OKTA_SIGN_ON", name: "Guests", priority: 1 })["id"]);
    const payroll = String(org.create("policies", { type: "ACCESS_POLICY", name: "Payroll" })["id"]);
    org.create("policy_rules", { name: "Only by key", priority: 0 }, { policyId: payroll });
    org.create("policy_mappings", { resourceId: org.appId(0) }, { policyId: payroll });
    org.remove("policies", await idOf("password_policies", "Long passwords"));
    org.act("network_zones", await idOf("network_zones", "Neighbours"), "deactivate");
    org.remove("trusted_origins", await idOf("trusted_origins", "Origin 1"));
    org.create("behaviors", { name: "Faster", type: "VELOCITY", settings: { velocityKph: 700.5 } });
    const [phone] = await world.query<{ id: string }>(
      "select id from authenticators where authenticator_key = 'phone_number'",
    );
    org.act("authenticator_methods", "voice", "activate", { authenticatorId: phone?.id ?? "" });
    world.quiet();
    const report = await world.run();
    expect(await world.differences(FAMILY)).toEqual([]);
    expect(lineOf(report, "okta_sign_on_policies")).toMatchObject({ inserted: 1, updated: 3, deleted: 0 });
    expect(lineOf(report, "password_policies")).toMatchObject({ inserted: 0, updated: 1, deleted: 1 });
    expect(lineOf(report, "access_policies")).toMatchObject({ inserted: 1, updated: 0 });
    // The rule that went with its policy counts with the policy.
    expect(lineOf(report, "policy_rules")).toMatchObject({ inserted: 2, updated: 0 });
    expect(lineOf(report, "policy_mappings")).toMatchObject({ inserted: 1, deleted: 1 });
    expect(lineOf(report, "authenticator_methods")).toMatchObject({ updated: 1, inserted: 0, deleted: 0 });
    expect(report.requests).toBeLessThan(40);

    org.deleteApp(org.appId(0));
    org.remove("policies", guests);
    org.remove("policies", payroll);
    world.quiet();
    await world.run();
    expect(await world.differences(FAMILY)).toEqual([]);
    expect(await world.query(`select 1 from policy_rules where policy_id = '${payroll}'`)).toEqual([]);
  });

  test("one rule's change costs few requests", async () => {
    world = await createWorld({ pipeline: PIPELINE });
    const { org } = world.sim;
    await world.run();
    world.quiet();
    await world.run();
    const policyId = await idOf("idp_discovery_policies", "Idp Discovery Policy");
    org.change("policy_rules", await idOf("policy_rules", "Partners"), { name: "Business partners" }, { policyId });
    world.quiet();
    const report = await world.run();
    expect(lineOf(report, "policy_rules")).toMatchObject({ inserted: 0, updated: 1, deleted: 0 });
    expect(report.requests).toBeLessThan(15);
  });

  test("policies of authorization servers write the same events, and leave these tables alone", async () => {
    world = await createWorld({ pipeline: PIPELINE });
    const { org } = world.sim;
    await world.run();
    world.quiet();
    await world.run();
    const [server] = org.truthOf("authorization_servers");
    const authServerId = String(server?.["id"]);
    const policy = org.create(
      "authorization_server_policies",
      { type: "OAUTH_AUTHORIZATION_POLICY", name: "Ships", description: "", conditions: { clients: { include: [] } } },
      { authServerId },
    );
    expect(policy["id"]).toBeDefined();
    world.quiet();
    const report = await world.run();
    expect(report.status).toBe("succeeded");
    expect(report.objects.filter((line) => line.inserted + line.updated + line.deleted > 0)).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.requests).toBeLessThan(25);
  });

  test("a Classic org has nothing of what Identity Engine brought, and that is no fault", async () => {
    world = await createWorld({ pipeline: PIPELINE, withoutFeatures: ["identity-engine", "dynamic-zones"] });
    const report = await world.run();
    const lacking = report.objects.filter((line) => line.status !== "succeeded");
    expect(lacking.map(({ object, status }) => `${object} ${status}`)).toEqual(
      [
        "access_policies",
        "profile_enrollment_policies",
        "post_auth_session_policies",
        "entity_risk_policies",
        "session_violation_detection_policies",
        "device_signal_collection_policies",
        "authenticator_aaguids",
        "org_authenticator_settings",
      ].map((object) => `${object} unavailable`),
    );
    expect(lacking.every(({ expected }) => expected)).toBe(true);
    expect(lineOf(report, "mfa_enroll_policies").read).toBe(2);
    const compared = FAMILY.filter((name) => !lacking.some(({ object }) => object === name));
    expect(await world.differences(compared)).toEqual([]);
  });
});
