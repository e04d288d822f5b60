import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { createOktaClient, type OktaClient } from "@tidemark/okta-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type FeedCursor, feedChains, type FeedEntry, type ObjectEventRule, readFeed } from "./feed.js";

const RULES: readonly ObjectEventRule[] = [
  { object: "users", types: ["user.lifecycle.delete.completed"], effect: "gone", key: { id: "User" } },
  { object: "groups", types: ["group.lifecycle.delete"], effect: "gone", key: { id: "UserGroup" } },
  {
    object: "group_members",
    types: ["group.user_membership.add"],
    effect: "add",
    key: { group_id: "UserGroup", user_id: "User" },
  },
  { object: "apps", types: ["group.lifecycle.create"], effect: "row", key: { id: "AppInstance" } },
  {
    object: "imports",
    types: ["group.lifecycle.create"],
    effect: "row",
    key: { id: "AppInstance" },
    onlyWithTargets: true,
  },
];

let sim: Simulator;
let client: OktaClient;

beforeEach(async () => {
  sim = await createSimulator({ users: 30, groups: 4 });
  client = createOktaClient({ orgUrl: sim.url, auth: { kind: "ssws", token: sim.token } });
});

afterEach(async () => {
  await client.close();
  await sim.close();
});

async function poll(
  cursor: FeedCursor | null,
  rules = RULES,
): Promise<{ entries: FeedEntry[]; cursor: FeedCursor | null; restarted: boolean }> {
  const entries: FeedEntry[] = [];
  let last = cursor;
  let restarted = false;
  for await (const page of readFeed({ client, rules, cursor, since: Date.now() - 60_000 })) {
    entries.push(...page.entries);
    last = page.cursor;
    restarted ||= page.restarted;
  }
  return { entries, cursor: last, restarted };
}

describe("the change feed", () => {
  test("each event comes once, and only the types that the rules name", async () => {
    const first = await poll(null);
    sim.org.signIn(sim.org.userId(1), 5);
    sim.org.addMember(sim.org.groupId(2), sim.org.userId(7));
    sim.org.deleteUser(sim.org.userId(3));
    const second = await poll(first.cursor);
    expect(second.entries.map(({ object, effect, key }) => ({ object, effect, key }))).toEqual([
      { object: "group_members", effect: "add", key: { group_id: sim.org.groupId(2), user_id: sim.org.userId(7) } },
      { object: "users", effect: "gone", key: { id: sim.org.userId(3) } },
    ]);
    expect((await poll(second.cursor)).entries).toEqual([]);
  });

  test("an event without the row's target asks for the whole object, or for nothing", async () => {
    const { cursor } = await poll(null);
    sim.org.createGroup({ name: "New" });
    const { entries } = await poll(cursor);
    expect(entries.map(({ object, effect }) => [object, effect])).toEqual([["apps", "whole"]]);
  });

  test("a refused link starts the chain again behind what was covered: nothing is lost", async () => {
    const { cursor } = await poll(null);
    sim.org.deleteUser(sim.org.userId(3));
    sim.faults.add({ kind: "expiredCursor", times: 1, match: { path: "/api/v1/logs" } });
    const again = await poll(cursor);
    expect(again.restarted).toBe(true);
    expect(again.entries.map((entry) => entry.key)).toContainEqual({ id: sim.org.userId(3) });
  });

  test("a run with fewer objects in between makes the others miss nothing", async () => {
    const all = await poll(null);
    sim.org.deleteGroup(sim.org.groupId(1));
    const usersOnly = await poll(all.cursor, RULES.slice(0, 1));
    expect(usersOnly.entries).toEqual([]);
    const allAgain = await poll(usersOnly.cursor);
    expect(allAgain.entries.map((entry) => entry.key)).toContainEqual({ id: sim.org.groupId(1) });
  });
});

test("many event types are split into chains whose filters fit into a URL, always alike", () => {
  const types = Array.from({ length: 300 }, (_, index) => `some.event.type.number_${index}`);
  const chains = feedChains(types);
  expect(chains.length).toBeGreaterThan(1);
  expect(chains.flat().sort()).toEqual([...types].sort());
  expect(feedChains(types.toReversed())).toEqual(chains);
});
