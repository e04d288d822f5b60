import { gzipSync } from "node:zlib";
import { createOktaClient } from "./index.js";
import { afterEach, expect, test } from "vitest";
import { json, oktaError, serve as start, TOKEN, type Handler, type Served } from "./testing/server.js";
import type { OktaClientOptions } from "./types.js";

const open: Served[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

/** Backoff takes no time here; what waits for a rate window is the ledger's tests' matter. */
const quick: Partial<OktaClientOptions> = {
  clock: { now: () => Date.now(), sleep: () => new Promise((resolve) => setImmediate(resolve)) },
};

async function serve(handler: Handler, options: Partial<OktaClientOptions> = quick): Promise<Served> {
  const served = await start(handler, options);
  open.push(served);
  return served;
}

async function all(pages: AsyncIterable<{ items: unknown[] }>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...page.items);
  return items;
}

test("follows next over an empty page and to the configured org, with the token", async () => {
  const { client, seen, url } = await serve((request, response) => {
    const at = Number(request.url.searchParams.get("after") ?? 0);
    const links = [
      `<${url}/api/v1/users?after=${at}>; rel="self"`,
      `<https://acme-admin.okta.com/api/v1/users?after=${at + 1}&limit=2>; rel="next"`,
    ];
    json(response, at === 1 ? [] : [{ id: at }], at < 2 ? { Link: links } : {});
  });
  expect(
    await all(client.pages("/api/v1/users", { query: { limit: 2, filter: 'status eq "ACTIVE"', q: undefined } })),
  ).toEqual([{ id: 0 }, { id: 2 }]);
  expect(seen.map((request) => request.url.search)).toEqual([
    "?limit=2&filter=status%20eq%20%22ACTIVE%22",
    "?after=1&limit=2",
    "?after=2&limit=2",
  ]);
  expect(seen[0]).toMatchObject({
    method: "GET",
    headers: { authorization: `SSWS ${TOKEN}`, accept: "application/json", "accept-encoding": "gzip" },
  });
  expect(client.stats).toMatchObject({ requests: 3, retries: 0, byBucket: { "/api/v1/users": 3 } });
});

test("fetches the next page while the consumer works on this one, and no further", async () => {
  const { client, seen, url } = await serve((request, response) => {
    const at = Number(request.url.searchParams.get("after") ?? 0);
    json(response, [at], { Link: `<${url}/api/v1/users?after=${at + 1}>; rel="next"` });
  });
  for await (const page of client.pages("/api/v1/users")) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).toHaveLength((page.items[0] as number) + 2);
    if (page.items[0] === 2) break;
  }
});

test("a page that comes broken is asked for again, the one behind it, by then under way, is not", async () => {
  let broken = true;
  const { client, seen, url } = await serve((request, response) => {
    const at = Number(request.url.searchParams.get("after") ?? 0);
    const headers = at < 2 ? { Link: `<${url}/api/v1/users?after=${at + 1}>; rel="next"` } : {};
    if (at > 0 || !broken) return json(response, [at], headers);
    broken = false;
    response.writeHead(200, headers);
    response.end("[{");
  });
  const items = [];
  for await (const page of client.pages("/api/v1/users")) items.push(...page.items);
  expect(items).toEqual([0, 1, 2]);
  expect(seen.map((request) => request.url.searchParams.get("after"))).toEqual([null, "1", null, "2"]);
});

test("a poll of the System Log ends at the empty page and delivers its next", async () => {
  const { client, seen, url } = await serve((request, response) => {
    const at = Number(request.url.searchParams.get("after") ?? 0);
    json(response, at < 2 ? [{ uuid: at }] : [], { Link: `<${url}/api/v1/logs?after=${at + 1}>; rel="next"` });
  });
  const pages = [];
  for await (const page of client.pages("/api/v1/logs", { stopWhenCaughtUp: true })) pages.push(page);
  expect(pages.map(({ items, next }) => [items.length, next])).toEqual([
    [1, `${url}/api/v1/logs?after=1`],
    [1, `${url}/api/v1/logs?after=2`],
    [0, `${url}/api/v1/logs?after=3`],
  ]);
  expect(seen).toHaveLength(3);
});

test("wrapped lists, with next in the body; a missing list is no empty one", async () => {
  const { client, url } = await serve((request, response) => {
    if (request.url.pathname.endsWith("members")) return json(response, { _links: {} });
    const last = request.url.searchParams.has("after");
    return json(response, {
      roles: [last ? 2 : 1],
      _links: last ? {} : { next: { href: `${url}/api/v1/iam/roles?after=x` } },
    });
  });
  expect(await all(client.pages("/api/v1/iam/roles", { itemsAt: "roles" }))).toEqual([1, 2]);
  await expect(all(client.pages("/api/v1/iam/members", { itemsAt: "members" }))).rejects.toMatchObject({
    code: "OKTA_MALFORMED",
  });
});

test("a link that leads outside the API, or to itself, ends the listing in an error", async () => {
  const { client, url } = await serve((request, response) => {
    json(response, [1], {
      Link: request.url.pathname.endsWith("users")
        ? '<https://evil.com/x>; rel="next"'
        : `<${url}/api/v1/groups>; rel="next"`,
    });
  });
  await expect(all(client.pages("/api/v1/users"))).rejects.toMatchObject({ code: "OKTA_MALFORMED" });
  await expect(all(client.pages("/api/v1/groups"))).rejects.toMatchObject({ code: "OKTA_MALFORMED" });
});

test("a page that Okta cannot make is asked for at half its size, in the same link, without its stats at last", async () => {
  const { client, seen, url } = await serve((request, response) => {
    const { searchParams } = request.url;
    const limit = Number(searchParams.get("limit"));
    if (limit > 50 || searchParams.has("expand")) return oktaError(response, 500, "E0000009");
    const at = Number(searchParams.get("after") ?? 0);
    return json(
      response,
      [at],
      at < 8 ? { Link: `<${url}/api/v1/groups?expand=stats&after=${at + 1}&limit=${limit}>; rel="next"` } : {},
    );
  });
  expect(await all(client.pages("/api/v1/groups?limit=200&expand=stats"))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const asked = [...new Set(seen.map(({ url: { search } }) => search))];
  expect(asked.slice(0, 6)).toEqual([
    "?limit=200&expand=stats",
    "?limit=100&expand=stats",
    "?limit=50&expand=stats",
    "?limit=25&expand=stats",
    "?limit=12&expand=stats",
    "?limit=10&expand=stats",
  ]);
  expect(asked[6]).toBe("?limit=10");
  // It finds its way back up, and stays at what works.
  expect(asked).toContain("?after=5&limit=20");
});

test("retries what passes by: 5xx, dropped, cut-off and damaged answers", async () => {
  const faults: Handler[] = [
    (_, response) => void response.writeHead(503, { "Content-Type": "text/html" }).end("<html>busy</html>"),
    (_, response) => void response.destroy(),
    (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 1000 }).write("[1,");
      setTimeout(() => response.destroy(), 20);
    },
    (_, response) =>
      void response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("[1,2]").subarray(0, 12)),
    (_, response) => void response.writeHead(200, { "Content-Type": "application/json" }).end("[1,"),
    (_, response) => json(response, { not: "a list" }),
  ];
  let at = 0;
  const { client } = await serve((request, response) => {
    // Every second request has its fault.
    const fault = at % 2 === 0 ? faults[at / 2] : undefined;
    at += 1;
    if (fault) void fault(request, response);
    else response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("[1,2]"));
  });
  for (const _ of faults) expect(await all(client.pages("/api/v1/users"))).toEqual([1, 2]);
  expect(client.stats).toMatchObject({ requests: 12, retries: 6 });
});

test("gives up after a bounded number of tries, and says what it saw", async () => {
  const { client, seen } = await serve((request, response) => {
    if (request.url.pathname.endsWith("/users"))
      oktaError(response, 500, "E0000009", { summary: "Internal Server Error" });
    else json(response, "no list");
  });
  const failure = await client.get("/api/v1/users?search=x", {}).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "OKTA_SERVER",
    retryable: true,
    message: "GET /api/v1/users answered 500 E0000009 Internal Server Error (request reqTest)",
  });
  expect(seen).toHaveLength(5);
  await expect(all(client.pages("/api/v1/groups"))).rejects.toMatchObject({ code: "OKTA_MALFORMED", retryable: true });
  expect(seen).toHaveLength(8);
});

test("retries only what may be sent twice", async () => {
  const { client, seen } = await serve((_, response) => void response.destroy());
  const tries = async (method: "POST" | "PUT" | "DELETE", path: string, idempotent?: boolean): Promise<number> => {
    const before = seen.length;
    await expect(client.request(method, path, idempotent === undefined ? {} : { idempotent })).rejects.toMatchObject({
      code: "OKTA_UNREACHABLE",
    });
    return seen.length - before;
  };
  expect(await tries("POST", "/api/v1/groups")).toBe(1);
  expect(await tries("POST", "/api/v1/users/00u1", true)).toBeGreaterThan(1);
  expect(await tries("PUT", "/api/v1/groups/00g1")).toBeGreaterThan(1);
  expect(await tries("DELETE", "/api/v1/groups/00g1")).toBeGreaterThan(1);
  expect(await tries("DELETE", "/api/v1/users/00u1")).toBe(1);
});

test("a refused request was not carried out: 429 is waited out for any method", async () => {
  let first = true;
  const { client, seen } = await serve((_, response) => {
    const headers = {
      "X-Rate-Limit-Limit": "100",
      "X-Rate-Limit-Remaining": "0",
      "X-Rate-Limit-Reset": String(Math.ceil(Date.now() / 1000)),
    };
    if (first) oktaError(response, 429, "E0000047", { headers });
    else json(response, { id: "00g1" }, headers);
    first = false;
  }, {});
  const { status, json: body } = await client.request("POST", "/api/v1/groups", { body: { profile: { name: "Ä" } } });
  expect([status, body]).toEqual([200, { id: "00g1" }]);
  expect(seen.map((request) => [request.method, request.body, request.headers["content-type"]])).toEqual(
    [1, 2].map(() => ["POST", '{"profile":{"name":"Ä"}}', "application/json"]),
  );
  expect(client.stats.throttledMs).toBeGreaterThan(500);
});

test("a server that never answers, or never ends, is given up at the time-out", async () => {
  const { client } = await serve(
    (request, response) => {
      if (request.url.pathname.endsWith("groups")) response.writeHead(200).write("[");
    },
    { ...quick, timeoutMs: 60 },
  );
  for (const path of ["/api/v1/users", "/api/v1/groups"]) {
    await expect(client.get(path)).rejects.toMatchObject({
      code: "OKTA_UNREACHABLE",
      message: expect.stringContaining("within 60 ms") as string,
    });
  }
});

test("an abort ends a request under way and a wait, without a retry", async () => {
  const { client, seen } = await serve(() => undefined);
  const stop = new AbortController();
  const view = client.scoped({ label: "users", signal: stop.signal });
  const failures = Promise.all(
    [view.get("/api/v1/users"), view.get("/api/v1/users"), all(view.pages("/api/v1/groups"))].map((work) =>
      work.catch((error: unknown) => error),
    ),
  );
  setTimeout(() => stop.abort(new Error("interrupted")), 100);
  expect((await failures).map(String)).toEqual(Array(3).fill("Error: interrupted"));
  expect(seen).toHaveLength(2);
  expect(client.buckets()[0]).toMatchObject({ waiting: 0, inFlight: 0 });
});

test("nobody there: an error that names the address, soon", async () => {
  const { client, url, close } = await start(() => undefined, quick);
  await close();
  await expect(client.organization()).rejects.toMatchObject({
    code: "OKTA_UNREACHABLE",
    message: expect.stringContaining(url) as string,
  });
  expect(client.stats.requests).toBe(3);
});

test("a view counts for itself and for the client, and shares the org's clock", async () => {
  const { client } = await serve((_, response) => json(response, [], { Date: "Tue, 03 Mar 2026 10:00:00 GMT" }), {});
  const view = client.scoped({ label: "users" });
  await view.get("/api/v1/users");
  await client.get("/api/v1/groups");
  expect([view.stats.requests, client.stats.requests]).toEqual([1, 2]);
  expect(view.now() - Date.UTC(2026, 2, 3, 10)).toBeLessThan(5_000);
  expect(view.now()).toBeGreaterThanOrEqual(Date.UTC(2026, 2, 3, 10));
});

test("two clients of one principal share its rate", async () => {
  const headers = {
    "X-Rate-Limit-Limit": "10",
    "X-Rate-Limit-Remaining": "9",
    "X-Rate-Limit-Reset": String(Math.ceil(Date.now() / 1000) + 60),
  };
  const { client, url } = await serve((_, response) => json(response, [], headers), {});
  const twin = createOktaClient({ orgUrl: url, auth: { kind: "ssws", token: TOKEN } });
  await client.get("/api/v1/users");
  await twin.get("/api/v1/users");
  expect(client.buckets()[0]).toMatchObject({ limit: 10, ours: 2 });
  await twin.close();
});
