import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { FaultRule } from "./fault-rules.js";
import { createSimulator, type Simulator } from "./simulator.js";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await createSimulator({ users: 40, groups: 6, apps: 4 });
});
afterAll(() => simulator.close());
afterEach(() => simulator.faults.clear());

function get(path: string, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `SSWS ${simulator.token}`, accept: "application/json" };
  return fetch(simulator.url + path, { headers, ...(signal ? { signal } : {}) });
}

async function ids(path: string): Promise<string[]> {
  const found: string[] = [];
  let url: string | undefined = path;
  for (let pages = 0; url !== undefined && pages < 100; pages++) {
    const answer = await get(url);
    expect(answer.status).toBe(200);
    found.push(...((await answer.json()) as { id: string }[]).map((row) => row.id));
    url = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1]?.replace(simulator.url, "");
  }
  return found;
}

/** Adds the rule as another process would. */
async function post(rule: FaultRule): Promise<Response> {
  return fetch(`${simulator.url}/_simulator/faults`, { method: "POST", body: JSON.stringify(rule) });
}

const USERS = "/api/v1/users?limit=10";
const ALL = `${USERS}&filter=${encodeURIComponent('lastUpdated gt "1970-01-01T00:00:00.000Z"')}`;

describe("faults over HTTP", () => {
  test.each<FaultRule>([{ kind: "drop" }, { kind: "drop", when: "after" }])(
    "%j: the connection breaks, the next request works",
    async (rule) => {
      simulator.faults.add({ ...rule, times: 1 });
      await expect(get(USERS)).rejects.toThrow("fetch failed");
      expect((await get(USERS)).status).toBe(200);
    },
  );

  test.each<FaultRule>([{ kind: "drop", when: "afterHeaders" }, { kind: "truncate" }])(
    "%j: the headers come, the body does not end",
    async (rule) => {
      simulator.faults.add({ ...rule, times: 1 });
      const answer = await get(USERS);
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow("terminated");
    },
  );

  test("a stalled request never answers", async () => {
    simulator.faults.add({ kind: "stall", match: { path: "/api/v1/groups" } });
    await expect(get("/api/v1/groups", AbortSignal.timeout(300))).rejects.toThrow(/timeout/);
    expect((await get(USERS)).status).toBe(200);
  });

  test("latency is waited for, and the clock of the Date header can be wrong", async () => {
    simulator.faults.add({ kind: "latency", ms: 150 });
    simulator.faults.add({ kind: "clockSkew", ms: -600_000 });
    const started = performance.now();
    const answer = await get(USERS);
    expect(performance.now() - started).toBeGreaterThan(140);
    const skew = Date.now() - Date.parse(answer.headers.get("date") ?? "");
    expect(Math.abs(skew - 600_000)).toBeLessThan(5000);
  });

  test("an empty page with next loses nothing, one without ends the list early", async () => {
    const everybody = await ids(ALL);
    expect(everybody).toHaveLength(40);
    simulator.faults.add({ kind: "emptyPageWithNext", after: 1, times: 2 });
    expect(await ids(ALL)).toEqual(everybody);
    simulator.faults.clear();
    simulator.faults.add({ kind: "emptyPage", after: 2, times: 1 });
    expect(await ids(ALL)).toEqual(everybody.slice(0, 20));
  });

  test("a cursor expires in the middle of a list", async () => {
    await post({ kind: "expiredCursor", code: "E0000054", times: 1 });
    const first = await get(USERS);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1]?.replace(simulator.url, "") ?? "";
    const refused = await get(next);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errorCode: "E0000054" });
    expect((await get(next)).status).toBe(200);
  });

  test("a narrowed role hides the same users everywhere, answers 404 for them and names another role", async () => {
    const everybody = await ids(ALL);
    await post({ kind: "role", role: "narrowed", keep: 0.5 });
    const seen = await ids(ALL);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.length).toBeLessThan(35);
    const me = ((await (await get("/api/v1/users/me")).json()) as { id: string }).id;
    const hidden = everybody.filter((id) => !seen.includes(id) && id !== me);
    const status = async (id: string): Promise<number> => (await get(`/api/v1/users/${id}`)).status;
    expect(await Promise.all(hidden.map(status))).toEqual(hidden.map(() => 404));
    expect(await Promise.all(seen.map(status))).toEqual(seen.map(() => 200));
    const roles = async (): Promise<unknown> => (await get(`/api/v1/users/${me}/roles`)).json();
    const narrowed = await roles();
    simulator.faults.clear();
    expect(await roles()).not.toEqual(narrowed);
  });

  test("without its role the caller is refused, but the org's metadata stays", async () => {
    await post({ kind: "role", role: "lost" });
    expect((await get(USERS)).status).toBe(403);
    expect((await get("/api/v1/groups")).status).toBe(403);
    expect((await fetch(`${simulator.url}/.well-known/okta-organization`)).status).toBe(200);
  });

  test("a wrong rule is refused and named", async () => {
    const answer = await post({ kind: "latency", ms: -1 });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("ms");
  });
});
