import type { Clock } from "@tidemark/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { OktaError } from "./errors.js";
import { bucketOf, createRateLimiter, type RateLimiter } from "./rate-limits.js";

/** A clock that stands still until it is moved. */
function standing(start = 1_790_000_000_000): Clock & { move(ms: number): void } {
  let now = start;
  return { now: () => now, sleep: async () => undefined, move: (ms) => void (now += ms) };
}

/** The headers of an answer and whether it was a 429. */
function ask(
  limiter: RateLimiter,
  path: string,
  principal = "a",
): { refused: boolean; limit: number; remaining: number; reset: number } {
  let headers: Record<string, string> | undefined;
  let refused = false;
  try {
    const admission = limiter.enter("GET", path, principal);
    headers = admission.headers;
    admission.leave();
  } catch (error) {
    if (!(error instanceof OktaError) || error.status !== 429 || error.body.errorCode !== "E0000047") throw error;
    refused = true;
    headers = error.headers;
  }
  const number = (name: string): number => Number(headers?.[`X-Rate-Limit-${name}`]);
  return { refused, limit: number("Limit"), remaining: number("Remaining"), reset: number("Reset") };
}

describe("rate limits", () => {
  test.each([
    ["GET", "/api/v1/users", "/api/v1/users"],
    ["GET", "/api/v1/users/00u1", "GET /api/v1/users/{id}"],
    ["POST", "/api/v1/users/00u1", "WRITE /api/v1/users/{id}"],
    ["GET", "/api/v1/users/00u1/roles", "/api/v1/users"],
    ["GET", "/api/v1/groups/00g1", "/api/v1/groups/{id}"],
    ["GET", "/api/v1/groups/00g1/users", "/api/v1/groups"],
    ["GET", "/api/v1/groups/rules", "/api/v1/groups"],
    ["GET", "/api/v1/apps/0oa1", "/api/v1/apps/{id}"],
    ["GET", "/api/v1/apps/0oa1/users", "/api/v1/apps"],
    ["GET", "/api/v1/meta/types/user", "/api/v1"],
    ["GET", "/api/v1/iam/roles", "/api/v1/iam"],
    ["GET", "/api/v1/appsx", "/api/v1"],
    ["POST", "/oauth2/v1/token", "/oauth2/v1/token"],
    ["GET", "/oauth2/v1/clients/0oa1/roles", "/oauth2/v1/clients"],
    ["GET", "/oauth2/v1/keys", null],
    ["GET", "/.well-known/okta-organization", null],
    ["GET", "/", "/"],
  ])("%s %s counts in %s", (method, path, bucket) => {
    expect(bucketOf(method, path)).toBe(bucket);
  });

  test("one token gets half of a bucket a window; the headers show the org's limit or the half", () => {
    for (const shows of ["org", "share"] as const) {
      const clock = standing();
      const limiter = createRateLimiter({ mode: "okta", shows, clock });
      const answers = Array.from({ length: 60 }, () => ask(limiter, "/api/v1/apps"));
      expect(answers.filter((answer) => answer.refused)).toHaveLength(10);
      expect(answers[0]).toMatchObject(shows === "org" ? { limit: 100, remaining: 99 } : { limit: 50, remaining: 49 });
      expect(answers[59]).toMatchObject(shows === "org" ? { limit: 100, remaining: 50 } : { limit: 50, remaining: 0 });
      expect(ask(limiter, "/api/v1/users").refused).toBe(false);
      expect(ask(limiter, "/api/v1/apps", "b").refused).toBe(false);
    }
  });

  test("no principal passes its share in any window, and after Reset a whole share is free", () => {
    const step = fc.record({ ms: fc.integer({ min: 0, max: 9_000 }), principal: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 0, max: 120_000 }), (steps, start) => {
        const clock = standing(1_790_000_000_000 + start);
        const limiter = createRateLimiter({ mode: "okta", clock, limits: { "/api/v1/logs": 8 } });
        const used = new Map<string, number>();
        for (const { ms, principal } of steps) {
          clock.move(ms);
          const answer = ask(limiter, "/api/v1/logs", principal);
          expect(answer.reset * 1000).toBeGreaterThan(clock.now());
          expect(answer.reset * 1000 - clock.now()).toBeLessThanOrEqual(60_000);
          const own = used.get(`${principal} ${answer.reset}`) ?? 0;
          const all = [...used].filter(([key]) => key.endsWith(` ${answer.reset}`)).reduce((sum, [, n]) => sum + n, 0);
          expect(answer.refused).toBe(own >= 4 || all >= 8);
          if (!answer.refused) used.set(`${principal} ${answer.reset}`, own + 1);
        }
      }),
    );
  });

  test("windows of different buckets do not start together, nor with the minute", () => {
    const limiter = createRateLimiter({ mode: "okta", clock: standing() });
    const resets = ["/api/v1/apps", "/api/v1/users", "/api/v1/groups", "/api/v1/logs"].map(
      (path) => ask(limiter, path).reset % 60,
    );
    expect(new Set(resets).size).toBeGreaterThan(1);
    expect(resets).not.toContain(0);
  });

  test("others' traffic eats Remaining and can use up the bucket", () => {
    const clock = standing();
    const limiter = createRateLimiter({ mode: "okta", clock, background: 0.9 });
    const first = ask(limiter, "/api/v1/apps");
    clock.move(first.reset * 1000 - clock.now() - 1);
    const late = ask(limiter, "/api/v1/apps");
    expect(late.remaining).toBeLessThanOrEqual(10);
    const refused = Array.from({ length: 20 }, () => ask(limiter, "/api/v1/apps")).filter((answer) => answer.refused);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused[0]?.remaining).toBe(0);
  });

  test("too many at once is a 429 of its own: limit and remaining 0, and a place comes free on leave", () => {
    const limiter = createRateLimiter({ mode: "okta", clock: standing(), concurrency: 2 });
    const first = limiter.enter("GET", "/api/v1/users", "a");
    limiter.enter("GET", "/api/v1/groups", "b");
    expect(ask(limiter, "/api/v1/apps")).toMatchObject({ refused: true, limit: 0, remaining: 0 });
    first.leave();
    first.leave();
    limiter.enter("GET", "/api/v1/apps", "a");
    expect(ask(limiter, "/api/v1/apps").limit).toBe(0);
  });

  test("off: nothing is refused, the headers still tell a limit; metadata has no headers", () => {
    const limiter = createRateLimiter({ mode: "off", clock: standing() });
    const answers = Array.from({ length: 3000 }, () => ask(limiter, "/api/v1/apps"));
    expect(answers.some((answer) => answer.refused)).toBe(false);
    expect(answers[0]?.limit).toBeGreaterThan(100_000);
    expect(limiter.enter("GET", "/oauth2/v1/keys", "a").headers).toEqual({});
  });
});
