import { inspect } from "node:util";
import { createOktaClient } from "./index.js";
import { oktaAnswer } from "./errors.js";
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

test.each([
  [401, "E0000011", "OKTA_TOKEN_INVALID"],
  [401, "E0000004", "OKTA_TOKEN_INVALID"],
  [401, "E0000015", "OKTA_UNAVAILABLE"],
  [403, "E0000005", "OKTA_TOKEN_INVALID"],
  [403, "E0000006", "OKTA_DENIED"],
  [403, "E0000038", "OKTA_CONFLICT"],
  [404, "E0000007", "OKTA_NOT_FOUND"],
  [404, "E0000008", "OKTA_UNAVAILABLE"],
  [405, "E0000022", "OKTA_UNAVAILABLE"],
  [410, "E0000156", "OKTA_NOT_FOUND"],
  [400, "E0000001", "OKTA_BAD_REQUEST"],
  [400, "E0000031", "OKTA_BAD_REQUEST"],
  [409, "E0000182", "OKTA_CONFLICT"],
  [412, "E0000231", "OKTA_CONFLICT"],
])("%i %s is %s", async (status, errorCode, code) => {
  const { client, seen } = await serve((_, response) => oktaError(response, status, errorCode));
  const failure = await client.get("/api/v1/users/john%40example.com?after=secret").catch((error: unknown) => error);
  expect(failure).toMatchObject({ code });
  expect(String(failure)).toContain(
    `GET /api/v1/users/{login} answered ${status} ${errorCode} summary of ${errorCode} (request reqTest)`,
  );
  expect(oktaAnswer(failure)).toMatchObject({ status, errorCode, requestId: "reqTest" });
  expect(seen).toHaveLength(1);
});

test("an expired cursor is told from a bad request", async () => {
  const { client } = await serve((_, response) => oktaError(response, 400, "E0000029"));
  await expect(all(client.pages("/api/v1/users?after=old"))).rejects.toMatchObject({ code: "OKTA_CURSOR_EXPIRED" });
  await expect(all(client.pages("/api/v1/users"))).rejects.toMatchObject({ code: "OKTA_BAD_REQUEST" });
});

test("a 404 that is not Okta's is never taken for a missing object", async () => {
  const { client } = await serve(
    (_, response) => void response.writeHead(404, { "Content-Type": "text/html" }).end("<html>nothing here</html>"),
  );
  await expect(client.get("/api/v1/users/00u1")).rejects.toMatchObject({ code: "OKTA_NOT_AN_ORG" });
});

test("the org names itself, once; others are told apart", async () => {
  const answers: Handler[] = [
    (_, response) => json(response, { id: "00o1", pipeline: "idx" }),
    (_, response) => oktaError(response, 404, "E0000022"),
    (_, response) => void response.writeHead(404).end("<html>"),
    (_, response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<html>Welcome</html>"),
    (_, response) => void response.writeHead(302, { Location: "https://elsewhere.com/" }).end(),
    (_, response) => json(response, { hello: "world" }),
  ];
  const results: unknown[] = [];
  let asked = 0;
  for (const answer of answers) {
    const { client, seen } = await serve(answer);
    results.push(
      await client.organization().then(
        ({ id }) => id,
        (error: unknown) => (error as { code: unknown }).code,
      ),
    );
    if (results.length > 1) continue;
    await client.organization();
    asked = seen.length;
  }
  expect(asked).toBe(1);
  expect(results).toEqual([
    "00o1",
    "host:127.0.0.1",
    "OKTA_NOT_AN_ORG",
    "OKTA_NOT_AN_ORG",
    "OKTA_NOT_AN_ORG",
    "OKTA_NOT_AN_ORG",
  ]);
});

test("the token is in no message, log or printed client", async () => {
  const lines: string[] = [];
  const log = (message: string, fields?: object): void => void lines.push(message + JSON.stringify(fields));
  const echo: Handler = (request, response) =>
    oktaError(response, request.url.pathname.endsWith("users") ? 500 : 401, "E0000011", {
      summary: `bad header ${request.headers.authorization}`,
    });
  const { client } = await serve(echo, { ...quick, logger: { debug: log, info: log, warn: log, error: log } });
  const failures = await Promise.all(
    ["/api/v1/users", "/api/v1/groups"].map((path) => client.get(path).catch((error: unknown) => error)),
  );
  expect(failures.map((error) => (error as { code: string }).code)).toEqual(["OKTA_SERVER", "OKTA_TOKEN_INVALID"]);
  expect(lines.length).toBeGreaterThan(0);
  const everything = inspect([failures, lines, client, failures.map(oktaAnswer)], { depth: 20, showHidden: true });
  expect(everything).not.toContain(TOKEN);
  expect(everything).not.toContain("secretsecret");
});

test("credentials that cannot be right are refused before anything is sent", () => {
  const make = (auth: OktaClientOptions["auth"]) => (): unknown =>
    createOktaClient({ orgUrl: "https://acme.okta.com", auth });
  expect(make({ kind: "ssws", token: " " })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", where: "token" }),
  );
  expect(make({ kind: "ssws", token: "a\nb" })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", where: "token" }),
  );
  expect(make({ kind: "privateKey", clientId: "0oa1", privateKey: "not a key", scopes: ["okta.users.read"] })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", where: "privateKey" }),
  );
  expect(make({ kind: "privateKey", clientId: "0oa1", privateKey: "x", scopes: [] })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", where: "scopes" }),
  );
});
