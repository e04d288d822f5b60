import { expect, it } from "vitest";

import { callerOf, simulatedOrg } from "../testing/simulated-org.js";

const { start, sim } = simulatedOrg({ users: 5, apps: 3, groups: 3 });
const call = callerOf(sim);

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
