import type { KeyValues, ListDefinition } from "@tidemark/catalog";
import type { Cursor } from "@tidemark/kernel";
import { createOktaClient, type OktaClient } from "@tidemark/okta-client";
import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Emission } from "./emission.js";
import { readList } from "./list.js";
import { readScopes, scopeAfter } from "./scopes.js";

const MEMBERS: ListDefinition = { path: "/api/v1/groups/{group_id}/users", query: { limit: "20" }, pageSize: 20 };
const USERS: ListDefinition = { path: "/api/v1/users", query: { limit: "20" }, pageSize: 20 };

let sim: Simulator;
let client: OktaClient;

beforeEach(async () => {
  sim = await createSimulator({ users: 150, groups: 6 });
  client = createOktaClient({ orgUrl: sim.url, auth: { kind: "ssws", token: sim.token } });
});

afterEach(async () => {
  await client.close();
  await sim.close();
});

const groupIds = (): string[] => [...sim.org.truth("groups")].map((group) => String(group["id"])).sort();
const truthPairs = (): string[] =>
  [...sim.org.truth("group_members")].map((pair) => `${String(pair["groupId"])} ${String(pair["userId"])}`).sort();

function membersFrom(cursor: Cursor | null, after: KeyValues | null = scopeAfter(cursor)): AsyncGenerator<Emission> {
  const scopes = groupIds()
    .filter((id) => after === null || id > (after["group_id"] ?? ""))
    .map((group_id) => ({ values: { group_id } }));
  return readScopes({ client, list: MEMBERS, scopes, concurrency: 3, cursor });
}

function pairsOf(emission: Emission): string[] {
  if (emission.kind !== "items") return [];
  return emission.items.map((item) => `${emission.parent["group_id"] ?? ""} ${String((item as { id: unknown }).id)}`);
}

describe("the lists of many parents", () => {
  test("come in the parents' order, each closed once it was read to its end", async () => {
    const pairs: string[] = [];
    const closed: string[] = [];
    for await (const emission of membersFrom(null)) {
      pairs.push(...pairsOf(emission));
      if (emission.kind === "scope") closed.push(emission.scope["group_id"] ?? "");
    }
    expect(pairs.sort()).toEqual(truthPairs());
    expect(closed).toEqual(groupIds());
  });

  test("stopped anywhere, they go on from the cursor and miss nothing", async () => {
    const total: Emission[] = [];
    for await (const emission of membersFrom(null)) total.push(emission);
    for (let stopAfter = 1; stopAfter < total.length; stopAfter += 3) {
      const pairs: string[] = [];
      let cursor: Cursor | null = null;
      let seen = 0;
      for await (const emission of membersFrom(null)) {
        pairs.push(...pairsOf(emission));
        if ("cursor" in emission) ({ cursor } = emission);
        seen += 1;
        if (seen === stopAfter) break;
      }
      for await (const emission of membersFrom(cursor)) pairs.push(...pairsOf(emission));
      expect([...new Set(pairs)].sort(), `stopped after ${stopAfter}`).toEqual(truthPairs());
    }
  });

  test("a parent that is gone or denied is told, the others are read", async () => {
    const [first, second] = groupIds();
    sim.faults.add({
      kind: "status",
      status: 403,
      code: "E0000006",
      match: { path: `/api/v1/groups/${first ?? ""}/users` },
    });
    sim.faults.add({
      kind: "status",
      status: 404,
      code: "E0000007",
      match: { path: `/api/v1/groups/${second ?? ""}/users` },
    });
    const missed: string[] = [];
    const closed: string[] = [];
    for await (const emission of membersFrom(null)) {
      if (emission.kind === "missed") missed.push(`${emission.scope["group_id"] ?? ""} ${emission.error.code}`);
      if (emission.kind === "scope") closed.push(emission.scope["group_id"] ?? "");
    }
    expect(missed).toEqual([`${first ?? ""} OKTA_DENIED`, `${second ?? ""} OKTA_NOT_FOUND`]);
    expect(closed).toEqual(groupIds().slice(2));
  });

  test("a parent known to be empty costs no request", async () => {
    sim.requests.clear();
    const emissions: Emission[] = [];
    const scopes = [{ values: { group_id: groupIds()[0] ?? "" }, empty: true }];
    for await (const emission of readScopes({ client, list: MEMBERS, scopes, concurrency: 1 }))
      emissions.push(emission);
    expect(emissions.map((emission) => emission.kind)).toEqual(["scope"]);
    expect(sim.requests.count()).toBe(0);
  });
});

describe("one list", () => {
  test("an empty page with a next one is not the end", async () => {
    sim.faults.add({ kind: "emptyPageWithNext", times: 3, match: { path: "^/api/v1/users$" } });
    const ids: unknown[] = [];
    const query = { filter: 'lastUpdated gt "1970-01-01T00:00:00.000Z"' };
    for await (const emission of readList({ client, list: USERS, query, scoped: true })) {
      if (emission.kind === "items") ids.push(...emission.items.map((item) => (item as { id: unknown }).id));
    }
    expect(new Set(ids).size).toBe(150);
  });

  test("a listing that breaks off is never told as complete", async () => {
    sim.faults.add({ kind: "status", status: 403, code: "E0000006", after: 2, match: { path: "^/api/v1/users$" } });
    const kinds: string[] = [];
    const read = async (): Promise<void> => {
      for await (const emission of readList({ client, list: USERS, scoped: true })) kinds.push(emission.kind);
    };
    await expect(read()).rejects.toMatchObject({ code: "OKTA_DENIED" });
    expect(kinds).not.toContain("scope");
  });
});
