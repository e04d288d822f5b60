import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { JsonObject } from "../json.js";
import { createSimulator, type Simulator } from "../simulator.js";
import { callerOf, eventTypes } from "../testing/simulated-org.js";

let sim: Simulator;
beforeEach(async () => {
  sim = await createSimulator({ users: 5, apps: 6, groups: 3 });
});
afterEach(async () => {
  await sim.close();
});

const call = callerOf(() => sim, "/api/v1");

async function get(path: string): Promise<unknown> {
  const { status, json } = await call("GET", path);
  expect(status).toBe(200);
  return json;
}

async function list(path: string): Promise<JsonObject[]> {
  return (await get(path)) as JsonObject[];
}

async function create(path: string, body: unknown, status = 200): Promise<JsonObject> {
  const answer = await call("POST", path, body);
  expect(answer.status).toBe(status);
  return answer.json as JsonObject;
}

function refusal(errorCode: string, status: number): object {
  return { status, json: expect.objectContaining({ errorCode }) };
}

describe("the org itself", () => {
  it("is one object that a partial and a full write change", async () => {
    const before = (await get("/org")) as JsonObject;
    const renamed = await create("/org", { companyName: "Renamed" });
    expect(renamed).toMatchObject({ id: before["id"], subdomain: before["subdomain"], companyName: "Renamed" });
    const { json } = await call("PUT", "/org", { companyName: "Whole" });
    expect(json).toMatchObject({ id: before["id"], companyName: "Whole", website: null });
  });

  it("names kinds of contacts in the list and the user behind each by itself", async () => {
    const types = await list("/org/contacts");
    expect(types.map((one) => one["contactType"])).toEqual(["BILLING", "TECHNICAL"]);
    expect(types.every((one) => one["userId"] === undefined)).toBe(true);
    expect(await get("/org/contacts/BILLING")).toMatchObject({ userId: sim.org.userId(0) });
    await call("PUT", "/org/contacts/BILLING", { userId: sim.org.userId(1) });
    expect(await get("/org/contacts/BILLING")).toMatchObject({ userId: sim.org.userId(1) });
    expect(await get("/org/contacts/TECHNICAL")).toMatchObject({ userId: sim.org.userId(0) });
  });

  it("lets Okta's support in and out, and keeps an org-wide CAPTCHA readable after its deletion", async () => {
    expect(await create("/org/privacy/oktaSupport/grant", {})).toMatchObject({ support: "ENABLED" });
    expect(await get("/org/privacy/oktaSupport")).toMatchObject({ support: "ENABLED" });
    const captcha = await create("/captchas", { name: "c", siteKey: "s", secretKey: "k", type: "HCAPTCHA" }, 201);
    expect(captcha["secretKey"]).toBeUndefined();
    await call("PUT", "/org/captcha", { captchaId: captcha["id"], enabledPages: ["SSR"] });
    expect((await call("DELETE", "/org/captcha")).status).toBe(204);
    expect(await get("/org/captcha")).toMatchObject({ captchaId: null, enabledPages: [] });
    expect(eventTypes(sim, "system.org.captcha")).toEqual([
      "system.org.captcha.activate",
      "system.org.captcha.deactivate",
    ]);
  });

  it("switches a feature by the verb in capitals or small letters", async () => {
    const off = (await list("/features")).find((one) => one["status"] === "DISABLED");
    const path = `/features/${String(off?.["id"])}`;
    expect(await create(`${path}/ENABLE?mode=force`, {})).toMatchObject({ status: "ENABLED" });
    expect(await create(`${path}/disable`, {})).toMatchObject({ status: "DISABLED" });
    expect(eventTypes(sim, "system.feature")).toEqual(["system.feature.enable", "system.feature.disable"]);
  });
});

describe("brands and domains", () => {
  it("keeps the default brand, and any brand with a domain", async () => {
    const [first, second] = await list("/brands");
    expect(first).toMatchObject({ isDefault: true });
    expect(await call("DELETE", `/brands/${String(first?.["id"])}`)).toMatchObject(refusal("E0000200", 409));
    expect(second?.["emailDomainId"]).toBeDefined();
    expect(await call("DELETE", `/brands/${String(second?.["id"])}`)).toMatchObject(refusal("E0000201", 409));
    const { id } = await create("/brands", { name: "Third" }, 201);
    expect(await list(`/brands/${String(id)}/themes`)).toHaveLength(1);
    expect((await call("DELETE", `/brands/${String(id)}`)).status).toBe(204);
    expect(await call("GET", `/brands/${String(id)}/themes`)).toMatchObject(refusal("E0000007", 404));
    expect(eventTypes(sim, "system.brand")).toEqual(["system.brand.create", "system.brand.delete"]);
  });

  it("has a customised page only while there is one", async () => {
    const [first, second] = await list("/brands");
    const path = `/brands/${String(second?.["id"])}/pages/sign-in/customized`;
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("PUT", path, { pageContent: "<html/>" })).status).toBe(200);
    expect(await get(path)).toEqual({ pageContent: "<html/>" });
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    const own = `/brands/${String(first?.["id"])}/pages/sign-in/customized`;
    expect(await call("PUT", own, { pageContent: "" })).toMatchObject(refusal("E0000213", 403));
  });

  it("lists domains in a wrapper and without their DNS records", async () => {
    const { domains } = (await get("/domains")) as { domains: JsonObject[] };
    expect(domains.map((one) => one["dnsRecords"])).toEqual([undefined, undefined]);
    expect(domains[0]).toMatchObject({ id: "default" });
    const made = await create("/domains", { domain: "a.example.com", certificateSourceType: "MANUAL" }, 201);
    expect(await get(`/domains/${String(made["id"])}`)).toMatchObject({ dnsRecords: [{ recordType: "TXT" }, {}] });
    expect((await call("DELETE", `/domains/${String(made["id"])}`)).status).toBe(204);
    expect(await call("GET", `/domains/${String(made["id"])}`)).toMatchObject(refusal("E0000163", 404));
  });

  it("still answers for a deleted e-mail domain, which no list and no brand shows", async () => {
    const [domain] = await list("/email-domains");
    expect((await call("DELETE", `/email-domains/${String(domain?.["id"])}`)).status).toBe(204);
    expect(await get(`/email-domains/${String(domain?.["id"])}`)).toMatchObject({ validationStatus: "DELETED" });
    expect(await list("/email-domains")).toEqual([]);
    expect((await list("/brands"))[1]?.["emailDomainId"]).toBeUndefined();
  });
});

describe("mail and SMS", () => {
  it("counts customisations where asked, and holds one default and one text a language", async () => {
    const [brand] = await list("/brands");
    const templates = `/brands/${String(brand?.["id"])}/templates/email`;
    expect(await list(templates)).toHaveLength(20);
    const counted = await list(`${templates}?limit=200&expand=customizationCount`);
    expect(counted.find((one) => one["name"] === "ForgotPassword")).toMatchObject({
      _embedded: { customizationCount: 2 },
    });
    const path = `${templates}/ForgotPassword/customizations`;
    const text = { subject: "s", body: "b" };
    expect(await call("POST", path, { ...text, language: "de" })).toMatchObject(refusal("E0000183", 409));
    expect(await call("POST", path, { ...text, language: "fr", isDefault: true })).toMatchObject(
      refusal("E0000182", 409),
    );
    const made = await create(path, { ...text, language: "fr" }, 201);
    const [first] = await list(path);
    expect(await call("DELETE", `${path}/${String(first?.["id"])}`)).toMatchObject(refusal("E0000184", 409));
    expect((await call("DELETE", `${path}/${String(made["id"])}`)).status).toBe(204);
    expect((await call("PUT", `${templates}/UserActivation/settings`, { recipients: "NO_USERS" })).status).toBe(200);
    expect(eventTypes(sim, "system.email")).toEqual([
      "system.email.template.create",
      "system.email.template.delete",
      "system.email.template.settings_changed",
    ]);
  });

  it("removes a translation that is null, and writes no event for it", async () => {
    const [template] = await list("/templates/sms");
    const path = `/templates/sms/${String(template?.["id"])}`;
    const changed = await create(path, { translations: { fr: null, it: "${code}" } });
    expect(changed["translations"]).toEqual({ de: expect.any(String), it: "${code}" });
    expect(eventTypes(sim, "system.sms")).toEqual([]);
  });
});

describe("hooks", () => {
  const channel = {
    type: "HTTP",
    version: "1.0.0",
    config: {
      uri: "https://a.example.com",
      authScheme: { type: "HEADER", key: "Authorization", value: "hush" },
    },
  };

  it("start active and unverified, hide the secret, and end only when inactive", async () => {
    const body = { name: "h", events: { type: "EVENT_TYPE", items: ["user.lifecycle.create"] }, channel };
    const made = await create("/eventHooks", body);
    const path = `/eventHooks/${String(made["id"])}`;
    expect(made).toMatchObject({ status: "ACTIVE", verificationStatus: "UNVERIFIED" });
    expect(JSON.stringify(await get(path))).not.toContain("hush");
    await create(`${path}/lifecycle/verify`, {});
    const moved = { ...channel, config: { uri: "https://b.example.com" } };
    const { json } = await call("PUT", path, { ...body, channel: moved });
    expect(json).toMatchObject({ verificationStatus: "UNVERIFIED", createdBy: made["createdBy"] });
    expect((await call("DELETE", path)).status).toBe(403);
    await create(`${path}/lifecycle/deactivate`, {});
    expect((await call("DELETE", path)).status).toBe(204);
    expect(eventTypes(sim, "event_hook")).toEqual([
      "event_hook.created",
      "event_hook.verified",
      "event_hook.updated",
      "event_hook.deactivated",
      "event_hook.deleted",
    ]);
  });

  it("are listed by type, and a hook key shows its public part only when written", async () => {
    const [one] = await list("/inlineHooks?type=com.okta.saml.tokens.transform");
    expect(one).toMatchObject({ channel: { type: "OAUTH", config: { clientId: "stamp" } } });
    expect(JSON.stringify(await list("/inlineHooks"))).not.toContain("simulated secret");
    const key = await create("/hook-keys", { name: "k" });
    expect(key["_embedded"]).toMatchObject({ kid: key["keyId"] });
    expect((await get(`/hook-keys/${String(key["id"])}`)) as JsonObject).not.toHaveProperty("_embedded");
  });
});

describe("profile mappings", () => {
  it("follow the applications, keep what was written, and are whole only one by one", async () => {
    const all = await list("/mappings?limit=200");
    expect(all.length).toBeGreaterThan(6);
    expect(all.some((one) => "properties" in one)).toBe(false);
    const path = `/mappings/${String(all[0]?.["id"])}`;
    const changed = await create(path, {
      properties: { nick: { expression: "source.x", pushStatus: "PUSH" }, login: null },
    });
    expect(Object.keys(changed["properties"] as JsonObject)).toEqual(["firstName", "lastName", "email", "nick"]);
    expect(eventTypes(sim, "directory.mapping")).toEqual(["directory.mapping.update"]);
    const app = sim.org.createApp({ label: "New" });
    const of = (id: unknown): Promise<JsonObject[]> => list(`/mappings?sourceId=${String(id)}`);
    expect(await of(app["id"])).toHaveLength(1);
    sim.org.deleteApp(String(app["id"]));
    expect(await of(app["id"])).toEqual([]);
    expect(await get(path)).toEqual(changed);
  });
});

it("makes the same items at every reading", async () => {
  for (const name of ["brands", "themes", "email_customizations", "event_hooks", "ui_schemas", "org_contacts"]) {
    expect([...sim.org.truthOf(name)]).toEqual([...sim.org.truthOf(name)]);
  }
  expect([...sim.org.truthOf("ui_schemas")]).toEqual(await get("/meta/uischemas"));
});
