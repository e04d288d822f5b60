import { type Clock, systemClock } from "@tidemark/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseFaultRule } from "./fault-rules.js";
import { createFaults, type FaultRequest, type RawReply } from "./faults.js";

const clock: Clock = { ...systemClock, now: () => 1_790_000_000_000 };

function get(path: string, query = ""): FaultRequest {
  return { method: "GET", path, query: new URLSearchParams(query) };
}

const PAGE: RawReply = {
  status: 200,
  headers: {
    "content-type": "application/json",
    link: [
      '<http://o/api/v1/users?after=5&limit=2>; rel="self"',
      '<http://o/api/v1/users?after=7&limit=2>; rel="next"',
    ],
  },
  body: '[{"id":"00u6"},{"id":"00u7"}]',
};

describe("faults", () => {
  test("strike the matching requests only, after so many, so many times", () => {
    const faults = createFaults(clock);
    const id = faults.add({
      kind: "status",
      status: 500,
      match: { method: "GET", path: "/api/v1/users" },
      after: 1,
      times: 2,
    });
    expect(faults.before(get("/api/v1/groups"))).toBeNull();
    expect(faults.before({ ...get("/api/v1/users"), method: "POST" })).toBeNull();
    const struck = [1, 2, 3, 4].map(() => faults.before(get("/api/v1/users"))?.answer?.status);
    expect(struck).toEqual([undefined, 500, 500, undefined]);
    expect(faults.list()).toMatchObject([{ id, struck: 2 }]);
    expect(faults.remove(id)).toBe(true);
    expect(faults.remove(id)).toBe(false);
  });

  test("a path with ^ is a pattern for the whole path", () => {
    const faults = createFaults(clock);
    faults.add({ kind: "stall", match: { path: "^/api/v1/groups/[^/]+/users" } });
    expect(faults.before(get("/api/v1/groups/00g1/users"))?.connection).toBe("stall");
    expect(faults.before(get("/api/v1/groups/00g1/users/x"))).toBeNull();
    expect(faults.before(get("/api/v1/groups/00g1"))).toBeNull();
  });

  test("probability is met on the whole and is the same for the same seed", () => {
    const run = (seed: number): boolean[] => {
      const faults = createFaults(clock, seed);
      faults.add({ kind: "drop", probability: 0.2 });
      return Array.from({ length: 2000 }, () => faults.before(get("/")) !== null);
    };
    const struck = run(7);
    expect(run(7)).toEqual(struck);
    expect(run(8)).not.toEqual(struck);
    const share = struck.filter(Boolean).length / struck.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.25);
  });

  test("several faults hit one request together", () => {
    const faults = createFaults(clock);
    faults.add({ kind: "latency", ms: 100 });
    faults.add({ kind: "latency", ms: 20 });
    faults.add({ kind: "clockSkew", ms: -5000 });
    faults.add({ kind: "status", code: "E0000015" });
    expect(faults.before(get("/"))).toMatchObject({ delayMs: 120, clockSkewMs: -5000, answer: { status: 401 } });
  });

  test("a 429 tells when to come back; a concurrency 429 has limit 0; a 502 is a gateway's HTML", () => {
    const faults = createFaults(clock);
    const answer = (rule: object): RawReply | undefined => {
      faults.clear();
      faults.add(parseFaultRule(rule));
      return faults.before(get("/"))?.answer;
    };
    expect(answer({ kind: "status", status: 429, resetAfterMs: 5000 })?.headers).toMatchObject({
      "X-Rate-Limit-Limit": "600",
      "X-Rate-Limit-Reset": "1790000005",
    });
    expect(answer({ kind: "status", status: 429, concurrency: true })?.headers["X-Rate-Limit-Limit"]).toBe("0");
    expect(answer({ kind: "status", status: 502 })).toMatchObject({
      status: 502,
      headers: { "content-type": "text/html" },
    });
    expect(JSON.parse(answer({ kind: "status", status: 403 })?.body ?? "")).toMatchObject({ errorCode: "E0000006" });
  });

  test("a cursor expires only where there is one", () => {
    const faults = createFaults(clock);
    faults.add({ kind: "expiredCursor", times: 1 });
    expect(faults.before(get("/api/v1/users", "limit=2"))).toBeNull();
    expect(faults.before(get("/api/v1/users", "after=5"))?.answer?.status).toBe(400);
    expect(faults.before(get("/api/v1/users", "after=5"))).toBeNull();
  });

  test("a list hides items, a single object it does not", () => {
    const faults = createFaults(clock);
    faults.add(parseFaultRule({ kind: "hidden", ids: ["b"] }));
    const hide = (body: string): unknown =>
      JSON.parse(faults.before(get("/"))?.rewrite?.({ status: 200, headers: {}, body })?.body ?? "null");
    expect(hide('[{"id":"a"},{"id":"b"}]')).toEqual([{ id: "a" }]);
    expect(hide('{"id":"b"}')).toEqual({ id: "b" });
    expect(() => parseFaultRule({ kind: "hidden" })).toThrow("needs ids");
  });

  test("an empty page with next leads to the same rows; one without ends the list; what is no list stays", () => {
    const faults = createFaults(clock);
    faults.add({ kind: "emptyPageWithNext" });
    const withNext = faults.before(get("/"))?.rewrite?.(PAGE);
    expect(withNext?.body).toBe("[]");
    expect(withNext?.headers["link"]).toEqual([
      '<http://o/api/v1/users?after=5&limit=2>; rel="self"',
      '<http://o/api/v1/users?after=5&limit=2&empty=1>; rel="next"',
    ]);
    faults.clear();
    faults.add({ kind: "emptyPage" });
    const rewrite = faults.before(get("/"))?.rewrite;
    expect(rewrite?.(PAGE)).toMatchObject({ body: "[]", headers: { link: [expect.stringContaining('rel="self"')] } });
    expect(rewrite?.({ ...PAGE, body: '{"id":"1"}' }).body).toBe('{"id":"1"}');
  });

  test("malformed answers are none of what was promised", () => {
    const faults = createFaults(clock);
    const body = (as: "html" | "cut" | "object" | "itemWithoutId"): string => {
      faults.clear();
      faults.add({ kind: "malformed", as });
      return faults.before(get("/"))?.rewrite?.(PAGE).body ?? "";
    };
    expect(() => JSON.parse(body("html"))).toThrow(SyntaxError);
    expect(() => JSON.parse(body("cut"))).toThrow(SyntaxError);
    expect(Array.isArray(JSON.parse(body("object")))).toBe(false);
    expect(JSON.parse(body("itemWithoutId"))).toEqual([{}, { id: "00u7" }]);
  });

  test("a lost role refuses or empties, a narrowed one hides always the same part", () => {
    const faults = createFaults(clock);
    const ids = Array.from({ length: 1000 }, (_, i) => `00u${i}`);
    expect(faults.role()).toBe("full");
    faults.add({ kind: "role", role: "narrowed", keep: 0.3, match: { path: "/api/v1/users" } });
    const seen = ids.filter((id) => faults.visible("/api/v1/users", id));
    expect(faults.role()).toBe("narrowed");
    expect(seen.length).toBeGreaterThan(240);
    expect(seen.length).toBeLessThan(360);
    expect(ids.filter((id) => faults.visible("/api/v1/users/00u1", id))).toEqual(seen);
    expect(ids.every((id) => faults.visible("/api/v1/groups", id))).toBe(true);
    faults.clear();
    faults.add({ kind: "role", role: "lost" });
    expect(faults.before(get("/api/v1/users"))?.answer?.status).toBe(403);
    faults.clear();
    faults.add({ kind: "role", role: "lost", lists: "empty", after: 1 });
    expect(faults.before(get("/api/v1/users"))).toBeNull();
    expect(faults.visible("/api/v1/users", "00u1")).toBe(true);
    const rewrite = faults.before(get("/api/v1/users/00u6"))?.rewrite;
    expect(faults.visible("/api/v1/users", "00u1")).toBe(false);
    expect(rewrite?.(PAGE).body).toBe("[]");
    expect(rewrite?.({ ...PAGE, body: '{"id":"00u6"}' }).status).toBe(404);
  });

  test.each([
    [{}, /kind must be one of latency/],
    [{ kind: "latency" }, /needs ms/],
    [{ kind: "latency", ms: -1 }, /ms has a value/],
    [{ kind: "stall", ms: 1 }, /has no ms/],
    [{ kind: "stall", match: { url: "/" } }, /match has a value/],
    [{ kind: "stall", match: { path: "^(" } }, /match has a value/],
    [{ kind: "status", code: "E9999999" }, /code has a value/],
    [{ kind: "status" }, /needs status or code/],
    ["stall", /JSON object/],
  ])("%j is refused as a rule", (rule, message) => {
    expect(() => parseFaultRule(rule)).toThrow(message);
  });

  test("any JSON is either a rule that works or refused", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            kind: fc.constantFrom("latency", "status", "drop", "stall", "truncate", "role", "malformed", "clockSkew"),
            ms: fc.integer(),
            status: fc.integer({ min: 300, max: 700 }),
            role: fc.constantFrom("lost", "narrowed", "x"),
            times: fc.integer({ max: 3 }),
          },
          { requiredKeys: ["kind"] },
        ),
        (json) => {
          const faults = createFaults(clock);
          let refusal: unknown;
          try {
            faults.add(parseFaultRule(json));
          } catch (error) {
            refusal = error;
          }
          expect(refusal === undefined || refusal instanceof TypeError).toBe(true);
          faults.before(get("/api/v1/users"))?.rewrite?.(PAGE);
        },
      ),
    );
  });
});
