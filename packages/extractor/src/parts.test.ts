import { type ListDefinition, objectNamed } from "@tidemark/catalog";
import type { Cursor } from "@tidemark/kernel";
import { createOktaClient, type OktaClient } from "@tidemark/okta-client";
import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Emission } from "./emission.js";
import { readList } from "./list.js";
import { readScopes, type Scope } from "./scopes.js";

let sim: Simulator;
let client: OktaClient;

beforeEach(async () => {
  sim = await createSimulator({ users: 60, groups: 45 });
  client = createOktaClient({ orgUrl: sim.url, auth: { kind: "ssws", token: sim.token } });
});

afterEach(async () => {
  await client.close();
  await sim.close();
});

function listOf(object: string): ListDefinition {
  const definition = objectNamed(object);
  if (!definition) throw new Error(`no ${object}`);
  return definition.list;
}

async function all(emissions: AsyncIterable<Emission>): Promise<Emission[]> {
  const found: Emission[] = [];
  for await (const emission of emissions) found.push(emission);
  return found;
}

function itemsOf(emissions: readonly Emission[]): Record<string, unknown>[] {
  return emissions.flatMap((emission) =>
    emission.kind === "items" ? (emission.items as Record<string, unknown>[]) : [],
  );
}

describe("a list in several variants", () => {
  const list = listOf("principal_rate_limits");
  const kinds = (emissions: readonly Emission[]): unknown[] => itemsOf(emissions).map((item) => item["principalType"]);

  test("is read whole, and from the cursor between two of them only the second is", async () => {
    const whole = await all(readList({ client, list, scoped: true }));
    expect(kinds(whole)).toEqual(["SSWS_TOKEN", "OAUTH_CLIENT"]);
    expect(whole.at(-1)).toMatchObject({ kind: "scope", count: 2 });
    const [first] = whole;
    const cursor = first && "cursor" in first ? first.cursor : null;
    expect(cursor).toEqual({ variant: 1 });
    expect(kinds(await all(readList({ client, list, scoped: true, cursor })))).toEqual(["OAUTH_CLIENT"]);
  });

  test("goes on in the middle of its second one, and reads nothing more when it was read to its end", async () => {
    for (let n = 0; n < 4; n += 1)
      sim.org.create("principal_rate_limits", { principalId: `0oa${n}`, principalType: "OAUTH_CLIENT" });
    const small = { ...list, query: { limit: "2" } };
    const whole = await all(readList({ client, list: small, scoped: true }));
    const ids = (emissions: readonly Emission[]): unknown[] => itemsOf(emissions).map((item) => item["id"]);
    expect(ids(whole)).toHaveLength(6);
    for (const [at, emission] of whole.entries()) {
      const cursor: Cursor | null = "cursor" in emission ? emission.cursor : null;
      sim.requests.clear();
      const rest = await all(readList({ client, list: small, scoped: true, cursor }));
      expect(ids(rest)).toEqual(ids(whole.slice(at + 1)));
      expect(sim.requests.count() === 0).toBe(emission.kind === "scope" || cursor?.["done"] === true);
    }
  });
});

test("an item that vanishes between the list and its detail is no row", async () => {
  sim.org.create("domains", { domain: "gone.example.com", certificateSourceType: "MANUAL" });
  const list = listOf("domains");
  const before = itemsOf(await all(readList({ client, list, scoped: true })));
  const gone = String(before.find((item) => item["domain"] === "gone.example.com")?.["id"]);
  sim.faults.add({ kind: "status", status: 404, code: "E0000163", match: { path: `/api/v1/domains/${gone}` } });
  const after = await all(readList({ client, list, scoped: true }));
  expect(itemsOf(after).map((item) => item["id"])).toEqual(
    before.map((item) => item["id"]).filter((id) => id !== gone),
  );
  expect(after.at(-1)).toMatchObject({ kind: "scope", count: before.length - 1 });
});

describe("the lists of many parents", () => {
  const members: ListDefinition = { path: "/api/v1/groups/{group_id}/users", query: { limit: "20" }, pageSize: 20 };
  const groups = (): Scope[] =>
    [...sim.org.truth("groups")].map((group) => ({ values: { group_id: String(group["id"]) } }));
  const asked = (): number => sim.requests.count(/\/groups\/\{id\}\/users$/);

  test("when the first twenty are all denied, the others are not asked", async () => {
    sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "^/api/v1/groups/.*/users$" } });
    const [one, ...others] = groups();
    // A parent known to hold nothing was not asked, so it shows no right to see the others.
    const scopes = [...(one ? [{ ...one, empty: true }] : []), ...others];
    const reading = all(readScopes({ client, list: members, scopes, concurrency: 4, mostRefused: 20 }));
    await expect(reading).rejects.toMatchObject({ code: "OKTA_DENIED" });
    expect(asked()).toBeGreaterThanOrEqual(20);
    expect(asked()).toBeLessThan(30);
  });

  test("when one of the first twenty answers, all are asked", async () => {
    const scopes = groups();
    sim.faults.add({
      kind: "status",
      status: 403,
      code: "E0000006",
      match: { path: "^/api/v1/groups/.*/users$" },
      after: 1,
    });
    const emissions = await all(readScopes({ client, list: members, scopes, concurrency: 4, mostRefused: 20 }));
    expect(emissions.filter(({ kind }) => kind === "missed").length).toBeGreaterThanOrEqual(scopes.length - 1);
    expect(asked()).toBeGreaterThanOrEqual(scopes.length);
  });

  test("what says that a parent has none is no fault there, but of a list of its own", async () => {
    const scopes = [...sim.org.truth("applications")].map(({ id }) => ({ values: { application_id: String(id) } }));
    const list = listOf("application_features");
    const emissions = await all(readScopes({ client, list, scopes, concurrency: 2 }));
    expect(emissions.filter(({ kind }) => kind === "missed")).toEqual([]);
    expect(emissions.filter(({ kind }) => kind === "scope")).toHaveLength(scopes.length);
    sim.faults.add({ kind: "status", status: 400, match: { path: "^/api/v1/policies$" } });
    const policies = all(readList({ client, list: listOf("entity_risk_policies"), scoped: true }));
    await expect(policies).rejects.toMatchObject({ code: "OKTA_UNAVAILABLE" });
  });
});
