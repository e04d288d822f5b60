import { afterEach, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

const APPS = "^/api/v1/apps(/.*)?$";
const GROUPS = "^/api/v1/groups$";

test("children of a parent that was denied from the first are not taken for empty", async () => {
  world = await createWorld();
  world.sim.faults.add({ kind: "status", status: 403, match: { path: APPS } });
  const denied = await world.run();
  expect(denied.status).toBe("succeeded");
  for (const child of ["application_users", "application_groups"]) {
    expect(lineOf(denied, child)).toMatchObject({ status: "denied", watermark: null, requests: 0 });
  }
  world.sim.faults.clear();
  world.quiet();
  const allowed = await world.run();
  expect(lineOf(allowed, "application_users")).toMatchObject({ status: "succeeded", mode: "full" });
  expect(await world.differences()).toEqual([]);
});

test("children of a parent whose first load broke off wait for it", async () => {
  world = await createWorld({ groups: 250, pipeline: "objects: [groups, group_members]" });
  world.sim.faults.add({ kind: "status", status: 500, match: { path: GROUPS }, after: 1 });
  const broken = await world.run();
  expect(broken.status).toBe("failed");
  expect(lineOf(broken, "groups")).toMatchObject({ status: "failed", watermark: null });
  expect(lineOf(broken, "group_members")).toMatchObject({ status: "skipped", requests: 0 });
  world.sim.faults.clear();
  world.quiet();
  expect((await world.run()).status).toBe("succeeded");
  expect(await world.differences(["groups", "group_members"])).toEqual([]);
});

test("a parent that fails in one run keeps its children's watermark where its own is", async () => {
  world = await createWorld();
  // Without the log only the groups' own dates tell whose members changed.
  world.sim.faults.add({ kind: "status", status: 403, match: { path: "^/api/v1/logs" } });
  await world.run();
  world.quiet();
  const pair = [...world.sim.org.truth("group_members")].find(
    (member) => member["groupId"] === world.sim.org.groupId(2),
  );
  world.sim.org.removeMember(String(pair?.["groupId"]), String(pair?.["userId"]));
  const fault = world.sim.faults.add({ kind: "status", status: 500, match: { path: GROUPS } });
  const broken = await world.run();
  expect(lineOf(broken, "groups").status).toBe("failed");
  expect(lineOf(broken, "group_members")).toMatchObject({
    status: "succeeded",
    watermark: lineOf(broken, "groups").watermark,
  });
  expect(lineOf(broken, "groups").watermark).not.toBeNull();
  world.sim.faults.remove(fault);
  world.quiet();
  world.quiet();
  expect(lineOf(await world.run(), "group_members")).toMatchObject({ mode: "incremental", status: "succeeded" });
  expect(await world.differences(["groups", "group_members"])).toEqual([]);
});
