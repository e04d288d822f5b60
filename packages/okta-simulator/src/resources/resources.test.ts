import { afterEach, expect, it } from "vitest";

import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator.js";

let sim: Simulator | undefined;
afterEach(async () => {
  await sim?.close();
});

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  sim = await createSimulator({ users: 5, apps: 3, groups: 3, ...options });
  return sim;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown; link: string | null }> {
  const answer = await fetch(`${sim?.url}${path}`, {
    method,
    headers: { authorization: `SSWS ${sim?.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    json: text === "" ? null : (JSON.parse(text) as unknown),
    link: answer.headers.get("link"),
  };
}

it("keeps a declared collection: create, read, change, list in pages, delete, and an event for each write", async () => {
  const { org } = await start();
  const created = await call("POST", "/api/v1/trustedOrigins", {
    name: "Shop",
    origin: "https://shop.example.com",
    scopes: [{ type: "CORS" }],
  });
  expect(created.status).toBe(200);
  const { id } = created.json as { id: string };
  const renamed = await call("PUT", `/api/v1/trustedOrigins/${id}`, {
    name: "Shops",
    origin: "https://shop.example.com",
    scopes: [],
  });
  expect(renamed.json).toMatchObject({ id, name: "Shops", status: "ACTIVE" });
  const first = await call("GET", "/api/v1/trustedOrigins?limit=2");
  expect((first.json as unknown[]).length).toBe(2);
  expect(first.link).toContain('rel="next"');
  const after = /after=([^&]+)/.exec(first.link ?? "")?.[1] ?? "";
  const second = await call("GET", `/api/v1/trustedOrigins?after=${after}&limit=2`);
  expect(second.json).toEqual([expect.objectContaining({ id })]);
  expect(second.link).not.toContain('rel="next"');
  expect((await call("DELETE", `/api/v1/trustedOrigins/${id}`)).status).toBe(204);
  expect(await call("GET", `/api/v1/trustedOrigins/${id}`)).toMatchObject({
    status: 404,
    json: { errorCode: "E0000007" },
  });
  const types = [...org.truth("log_events")].map((event) => event["eventType"]);
  expect(types.filter((type) => String(type).startsWith("security.trusted_origin"))).toEqual([
    "security.trusted_origin.create",
    "security.trusted_origin.update",
    "security.trusted_origin.delete",
  ]);
});

it("refuses what lacks a required property, and knows the same items at every reading", async () => {
  const { org } = await start();
  expect(await call("POST", "/api/v1/trustedOrigins", { name: "x" })).toMatchObject({
    status: 400,
    json: { errorCode: "E0000001" },
  });
  expect([...org.truthOf("trusted_origins")]).toEqual((await call("GET", "/api/v1/trustedOrigins")).json);
});
