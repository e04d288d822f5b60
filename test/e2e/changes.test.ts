import { afterEach, expect, test } from "vitest";

import type { RunReport } from "../../packages/pipeline/src/report.js";
import { canCompare } from "../support/compare.js";
import { createWorld, lineOf, type World } from "../support/world.js";

import { OBJECTS } from "@tidemark/catalog";

let world: World;
afterEach(() => world.close());

/** Inserted, updated and deleted rows of the objects that have any. */
function changes(report: RunReport): Record<string, string> {
  const changed = report.objects.filter((line) => line.inserted + line.updated + line.deleted > 0);
  return Object.fromEntries(
    changed.map((line) => [line.object, `+${line.inserted} ~${line.updated} -${line.deleted}`]),
  );
}

test("few changes cost few requests, and exactly they appear", { timeout: 300_000 }, async () => {
  // More members than a group is listed again for.
  world = await createWorld({
    users: 2_600,
    groups: 8,
    apps: 6,
    pipeline: "objects: [core, config, log, enrolled_factors]",
  });
  const { org, requests } = world.sim;
  const large = String(org.createGroup({ name: "Large" })["id"]);
  for (let index = 1; index <= 2_100; index += 1) org.addMember(large, org.userId(index));
  const doomed = String(org.createGroup({ name: "Doomed" })["id"]);
  org.addMember(doomed, org.userId(9));
  const policy = String(org.create("policies", NEW_POLICY)["id"]);
  const rule = String(org.create("policy_rules", NEW_RULE, { policyId: policy })["id"]);
  world.quiet();
  await world.run();
  world.quiet();
  await world.run();

  org.updateUser(org.userId(5), { firstName: "Renamed" });
  org.addMember(large, org.userId(2_500));
  org.assignUser(org.appId(1), String(org.createUser({ firstName: "Fresh" })["id"]));
  org.change("policy_rules", rule, { name: "Other name" }, { policyId: policy });
  const holder = [...org.truthOf("factors")].find((factor) => factor["status"] === "ACTIVE");
  org.remove("factors", String(holder?.["id"]), { userId: String(holder?.["userId"]) });
  org.deleteGroup(doomed);
  world.quiet();
  requests.clear();
  const report = await world.run();
  expect(report.requests).toBeLessThan(80);
  expect(Object.keys(requests.byPath()).filter((path) => /groups\/[^/]+\/users/.test(path))).toEqual([]);
  expect(changes(report)).toMatchObject({
    users: "+1 ~1 -0",
    // The large one, and Everyone.
    groups: "+0 ~2 -1",
    policy_rules: "+0 ~1 -0",
    enrolled_factors: "+0 ~0 -1",
    application_users: "+1 ~0 -0",
  });
  expect(lineOf(report, "group_members")).toMatchObject({ inserted: 2 });
  const other = Object.keys(changes(report)).filter((object) => !CHANGED.has(object));
  expect(other).toEqual([]);
  const compared = OBJECTS.map(({ name }) => name).filter((name) => canCompare(world.sim, name) && !PER_USER.has(name));
  expect(await world.differences(compared)).toEqual([]);
});

const PER_USER: ReadonlySet<string> = new Set(
  OBJECTS.filter(({ preset }) => preset === "per-user").map(({ name }) => name),
);

const CHANGED: ReadonlySet<string> = new Set([
  "users",
  "groups",
  "group_members",
  "application_users",
  "policy_rules",
  "enrolled_factors",
  "log_events",
]);

const NEW_POLICY = {
  type: "OKTA_SIGN_ON",
  name: "Contractors",
  status: "ACTIVE",
  conditions: { people: { groups: { include: [] } } },
};

const NEW_RULE = {
  type: "SIGN_ON",
  name: "Rule",
  status: "ACTIVE",
  conditions: { network: { connection: "ANYWHERE" } },
  actions: { signon: { access: "ALLOW", requireFactor: false } },
};
