import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type JsonObject, valueAt } from "../json.js";
import { createSimulator, type Simulator } from "../simulator.js";

/** What Okta's own integration tests (okta-sdk-nodejs) expect of an org, and this one once did otherwise. */
let sim: Simulator;
beforeEach(async () => {
  sim = await createSimulator({ users: 30, apps: 2, groups: 12, rules: 0 });
});
afterEach(async () => {
  await sim.close();
});

interface Answer {
  readonly status: number;
  readonly json: JsonObject;
}

async function call(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer> {
  const raw = typeof body === "string" || body instanceof Buffer;
  const answer = await fetch(`${sim.url}${path}`, {
    method,
    headers: { authorization: `SSWS ${sim.token}`, "content-type": type },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: (text === "" ? {} : JSON.parse(text)) as JsonObject };
}

async function rows(path: string): Promise<readonly JsonObject[]> {
  const { status, json } = await call("GET", path);
  expect(status).toBe(200);
  return json as unknown as readonly JsonObject[];
}

/** The new item. */
async function make(path: string, body: unknown = {}): Promise<JsonObject & { readonly id: string }> {
  const { status, json } = await call("POST", path, body);
  expect([200, 201]).toContain(status);
  return { ...json, id: String(json["id"]) };
}

async function person(): Promise<JsonObject & { readonly id: string }> {
  const profile = { firstName: "Ada", lastName: "Lee", email: "ada@sim.example", login: "ada@sim.example" };
  return make("/api/v1/users", { profile, credentials: { password: { value: "Abcd1234#@" } } });
}

describe("factors", () => {
  it("show the shared secret while they wait for it, and then never again", async () => {
    const path = `/api/v1/users/${(await person()).id}/factors`;
    const made = await make(path, { factorType: "token:software:totp", provider: "OKTA" });
    expect(valueAt(made, "_embedded.activation.sharedSecret")).toMatch(/^[A-Z2-7]{16}$/);
    await call("POST", `${path}/${made.id}/lifecycle/activate`, { passCode: "123456" });
    const { json } = await call("GET", `${path}/${made.id}`);
    expect(json).toMatchObject({ status: "ACTIVE" });
    expect(json).not.toHaveProperty("_embedded");
  });

  it("are refused by provider, listed newest first, and proved by their answer", async () => {
    const path = `/api/v1/users/${(await person()).id}/factors`;
    const refused = (provider: string): Promise<Answer> => call("POST", path, { factorType: "push", provider });
    expect((await refused("NOBODY")).json["errorCauses"]).toEqual([{ errorSummary: "Invalid Provider." }]);
    expect((await refused("YUBICO")).json["errorCauses"]).toEqual([{ errorSummary: "Factor not enabled." }]);
    await make(path, { factorType: "call", provider: "OKTA", profile: { phoneNumber: "+15550100" } });
    const profile = { question: "disliked_food", answer: "pizza" };
    const { id } = await make(path, { factorType: "question", provider: "OKTA", profile });
    const listed = await rows(path);
    expect(listed.map(({ factorType }) => factorType)).toEqual(["question", "call"]);
    expect(listed[0]).toMatchObject({ profile: { questionText: "What is the food you least liked as a child?" } });
    expect((await call("POST", `${path}/${id}/verify`, { answer: "soup" })).json["errorCode"]).toBe("E0000068");
    expect((await call("POST", `${path}/${id}/verify`, { answer: "pizza" })).json).toEqual({ factorResult: "SUCCESS" });
    expect((await rows(`${path}/questions`)).length).toBeGreaterThan(1);
    const offered = (await rows(`${path}/catalog`)).filter(({ status }) => status !== "NOT_SETUP");
    expect(offered.map(({ factorType }) => factorType).toSorted()).toEqual(["call", "question"]);
  });
});

describe("sessions", () => {
  it("begin with a token that serves once, and end alone or all together", async () => {
    const { id } = await person();
    const enter = async (): Promise<string> => {
      const { json } = await call("POST", "/api/v1/authn", { username: "ada@sim.example", password: "Abcd1234#@" });
      return String(json["sessionToken"]);
    };
    const sessionToken = await enter();
    const first = await make("/api/v1/sessions", { sessionToken });
    expect(first).toMatchObject({ userId: id, status: "ACTIVE", login: "ada@sim.example" });
    expect((await call("POST", "/api/v1/sessions", { sessionToken })).status).toBe(401);
    expect((await call("DELETE", `/api/v1/sessions/${first.id}`)).status).toBe(204);
    const later = [await enter(), await enter()];
    const open = await Promise.all(later.map((token) => make("/api/v1/sessions", { sessionToken: token })));
    expect((await call("DELETE", `/api/v1/users/${id}/sessions`)).status).toBe(204);
    for (const session of open) expect((await call("GET", `/api/v1/sessions/${session.id}`)).status).toBe(404);
  });
});

describe("admin roles", () => {
  it("keep their last target, and name what a role is limited to", async () => {
    const user = sim.org.userId(5);
    sim.org.grantRole(user, "APP_ADMIN");
    const targets = `/api/v1/users/${user}/roles/IFIFAX2BIRGUSTQ/targets`;
    await call("PUT", `${targets}/catalog/apps/facebook`);
    expect((await call("DELETE", `${targets}/catalog/apps/facebook`)).status).toBe(400);
    await call("PUT", `${targets}/catalog/apps/google`);
    expect((await call("DELETE", `${targets}/catalog/apps/facebook`)).status).toBe(204);
    const [target, ...others] = await rows(`${targets}?assignmentType=USER`);
    expect(others).toEqual([]);
    expect(target?.["orn"]).toMatch(/^orn:okta:idp:\w+:apps:google$/);
  });

  it("tell a user's subscriptions to that user alone", async () => {
    const path = "/api/v1/users/me/subscriptions";
    await call("POST", `${path}/OKTA_UPDATE/unsubscribe`);
    expect((await call("GET", `${path}/OKTA_UPDATE`)).json["status"]).toBe("unsubscribed");
    expect((await call("GET", `/api/v1/users/${sim.org.userId(3)}/subscriptions`)).json["errorCode"]).toBe("E0000006");
  });

  it("know a built-in resource set by its name", async () => {
    expect((await call("GET", "/api/v1/iam/resource-sets/WORKFLOWS_IAM_POLICY")).status).toBe(200);
  });
});

describe("authenticators", () => {
  it("are made active where one asks for it, of known keys alone, and keep their key", async () => {
    const path = "/api/v1/authenticators";
    expect(await make(`${path}?activate=true`, { key: "google_otp", name: "Codes" })).toMatchObject({
      status: "ACTIVE",
    });
    expect((await call("POST", path, { key: "no_such_key", name: "No" })).status).toBe(400);
    const mail = (await rows(path)).find(({ key }) => key === "okta_email");
    const renamed = await call("PUT", `${path}/${String(mail?.["id"])}`, { name: "Post" });
    expect(renamed).toMatchObject({ status: 200, json: { name: "Post", key: "okta_email", type: "email" } });
    const key = (await rows(path)).find((one) => one["key"] === "webauthn");
    expect((await call("PUT", `${path}/${String(key?.["id"])}/methods/webauthn`, {})).status).toBe(400);
  });
});

describe("what hangs on other things", () => {
  it("a domain without a brand brings one, which can go after it; no name server knows it", async () => {
    const body = { domain: "login.acme.example", certificateSourceType: "MANUAL" };
    const { id, brandId } = await make("/api/v1/domains", body);
    expect((await call("GET", `/api/v1/brands/${String(brandId)}`)).json).toMatchObject({ isDefault: false });
    expect((await make(`/api/v1/domains/${id}/verify`))["validationStatus"]).toBe("FAILED_TO_VERIFY");
    expect((await call("DELETE", `/api/v1/brands/${String(brandId)}`)).status).toBe(409);
    await call("DELETE", `/api/v1/domains/${id}`);
    expect((await call("DELETE", `/api/v1/brands/${String(brandId)}`)).status).toBe(204);
  });

  it("a new group has no owners but those that it is given", async () => {
    const made = await Promise.all([1, 2, 3, 4].map((n) => make("/api/v1/groups", { profile: { name: `Crew ${n}` } })));
    for (const { id } of made) expect(await rows(`/api/v1/groups/${id}/owners`)).toEqual([]);
  });

  it("a picture of a theme changes its address, and its end brings the first one back", async () => {
    const brand = String((await rows("/api/v1/brands"))[0]?.["id"]);
    const themes = `/api/v1/brands/${brand}/themes`;
    const [before] = await rows(themes);
    const logo = `${themes}/${String(before?.["id"])}/logo`;
    const uploaded = await call("POST", logo, Buffer.from([0x89, 0x50]), "multipart/form-data; boundary=x");
    expect(uploaded.status).toBe(201);
    expect((await rows(themes))[0]?.["logo"]).toBe(uploaded.json["url"]);
    expect((await call("DELETE", logo)).status).toBe(204);
    expect((await rows(themes))[0]?.["logo"]).toBe(before?.["logo"]);
  });

  it("pages and mail templates show Okta's own text", async () => {
    const brand = `/api/v1/brands/${String((await rows("/api/v1/brands"))[0]?.["id"])}`;
    const { json } = await call("GET", `${brand}/pages/error?expand=default,customized`);
    expect(valueAt(json, "_embedded.default.pageContent")).toContain("<html>");
    expect((await call("GET", `${brand}/templates/email/UserActivation/default-content`)).status).toBe(200);
    expect((await call("GET", `${brand}/templates/email/NoSuchMail/default-content`)).status).toBe(404);
  });
});

describe("credentials of providers", () => {
  it("are keys that another provider may have too, and requests with the key of what is published", async () => {
    const [first, second] = (await rows("/api/v1/idps")).map(({ id }) => String(id));
    const path = `/api/v1/idps/${first}/credentials`;
    const { kid } = await make(`${path}/keys/generate?validityYears=2`);
    const copy = await make(`${path}/keys/${String(kid)}/clone?targetIdpId=${second}`);
    expect((await rows(`/api/v1/idps/${second}/credentials/keys`))[0]).toMatchObject({ kid: copy["kid"] });
    const subject = { countryName: "CH", commonName: "Issuer" };
    const csr = await make(`${path}/csrs`, { subject, subjectAltNames: { dnsNames: ["a.example"] } });
    const text = Buffer.from(String(csr["csr"]), "base64");
    expect(text.subarray(0, 2)).toEqual(Buffer.from([0x30, 0x82]));
    expect(text.readUInt16BE(2)).toBe(text.length - 4);
    const der = Buffer.from([0x30, 0x82, 0xff, 0x00]);
    const published = await call("POST", `${path}/csrs/${csr.id}/lifecycle/publish`, der, "application/pkix-cert");
    expect(published.json["x5c"]).toEqual([der.toString("base64")]);
    expect(text.includes(Buffer.from(String(published.json["n"]), "base64url"))).toBe(true);
    expect(await rows(`${path}/csrs`)).toEqual([]);
  });

  it("links of users tell of the provider, and the user's list too", async () => {
    const [provider] = await rows("/api/v1/idps");
    const { id } = await person();
    const link = await make(`/api/v1/idps/${String(provider?.["id"])}/users/${id}`, { externalId: "x" });
    expect(valueAt(link, "_links.idp.href")).toContain(String(provider?.["id"]));
    expect((await rows(`/api/v1/users/${id}/idps`)).map((one) => one["id"])).toEqual([provider?.["id"]]);
  });
});

describe("small things", () => {
  it("filters trusted origins by any of their scopes", async () => {
    const scopes = [{ type: "CORS" }];
    await make("/api/v1/trustedOrigins", { name: "Cors", origin: "https://cors.example", scopes });
    const filter = encodeURIComponent('type eq "REDIRECT"');
    const names = (await rows(`/api/v1/trustedOrigins?filter=${filter}`)).map(({ name }) => name);
    expect(names).toEqual(["Origin 1", "Origin 2"]);
  });

  it("deletes an SMS template as often as one likes, and keeps the pages of the org's CAPTCHA", async () => {
    const path = `/api/v1/templates/sms/${String((await rows("/api/v1/templates/sms"))[0]?.["id"])}`;
    expect([(await call("DELETE", path)).status, (await call("DELETE", path)).status]).toEqual([204, 204]);
    expect((await call("PUT", "/api/v1/org/captcha", { captchaId: null })).json).toMatchObject({ enabledPages: [] });
  });

  it("gives a hook key's public half by the key's own id, and a feature's dependencies", async () => {
    const { keyId } = await make("/api/v1/hook-keys", { name: "Seal 2" });
    expect((await call("GET", `/api/v1/hook-keys/public/${String(keyId)}`)).json).toMatchObject({ kid: keyId });
    const feature = String((await rows("/api/v1/features"))[0]?.["id"]);
    expect(await rows(`/api/v1/features/${feature}/dependencies`)).toEqual([]);
  });
});
