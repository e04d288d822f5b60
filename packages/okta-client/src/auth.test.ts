import { createHash, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { createOktaClient, type OktaClient, type OktaClientOptions } from "./index.js";
import { json, oktaError, serve, type Seen, type Served } from "./testing/server.js";
import { VirtualClock } from "./testing/virtualClock.js";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const SCOPES = ["okta.users.read", "okta.groups.read"];
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });

interface Jwt {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

/** Checks the signature as a server would, and returns what was signed. */
function readJwt(token: string, key: KeyObject): Jwt {
  const [head = "", body = "", signature = ""] = token.split(".");
  const header = JSON.parse(Buffer.from(head, "base64url").toString()) as Record<string, unknown>;
  const digest = `sha${String(header["alg"]).slice(2)}`;
  const valid = verify(
    digest,
    Buffer.from(`${head}.${body}`),
    { key, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!valid) throw new Error("the signature is wrong");
  return { header, claims: JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown> };
}

function readProof(request: Seen): Jwt {
  const proof = String(request.headers["dpop"]);
  const header = JSON.parse(Buffer.from(proof.split(".")[0] ?? "", "base64url").toString()) as { jwk: JsonWebKey };
  return readJwt(proof, createPublicKey({ key: header.jwk, format: "jwk" }));
}

interface Org {
  readonly dpop?: boolean;
  readonly lifeSeconds?: number;
  readonly publicKey?: KeyObject;
  /** Okta's clock less this machine's. */
  readonly skewMs?: number;
  readonly refuse?: { readonly status: number; readonly body: unknown };
}

interface OrgState extends Served {
  readonly tokens: string[];
  readonly dead: Set<string>;
  tokenRequests(): Seen[];
  apiRequests(): Seen[];
  app(privateKey: string, options?: Partial<OktaClientOptions>): OktaClient;
}

/** The parts of Okta's authorization that a client meets. */
async function startOrg(options: Org = {}): Promise<OrgState> {
  const tokens: string[] = [];
  const dead = new Set<string>();
  const served = await serve(async (request, response) => {
    response.setHeader("Date", new Date(Date.now() + (options.skewMs ?? 0)).toUTCString());
    if (request.url.pathname !== "/oauth2/v1/token") {
      const [scheme, token = ""] = String(request.headers.authorization).split(" ");
      if (!tokens.includes(token) || dead.has(token)) return oktaError(response, 401, "E0000011");
      return json(response, [{ scheme }]);
    }
    if (options.refuse) return json(response, options.refuse.body, {}, options.refuse.status);
    const form = new URLSearchParams(request.body);
    const { claims } = readJwt(form.get("client_assertion") ?? "", options.publicKey ?? rsa.publicKey);
    const now = (Date.now() + (options.skewMs ?? 0)) / 1000;
    if (Number(claims["iat"]) > now + 120 || Number(claims["exp"]) < now)
      return json(response, { error: "invalid_client", error_description: "expired" }, {}, 401);
    if (options.dpop && readProof(request).claims["nonce"] !== "nonce-1") {
      return json(response, { error: "use_dpop_nonce", error_description: "nonce" }, { "dpop-nonce": "nonce-1" }, 400);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    tokens.push(`token-${tokens.length}-of-this-test`);
    return json(response, {
      token_type: options.dpop ? "DPoP" : "Bearer",
      expires_in: options.lifeSeconds ?? 3600,
      access_token: tokens.at(-1),
      scope: form.get("scope"),
    });
  });
  open.push(served);
  const isToken = ({ url }: Seen): boolean => url.pathname === "/oauth2/v1/token";
  return {
    ...served,
    tokens,
    dead,
    tokenRequests: () => served.seen.filter(isToken),
    apiRequests: () => served.seen.filter((request) => !isToken(request)),
    app(privateKey, more = {}) {
      const client = createOktaClient({
        orgUrl: served.url,
        auth: { kind: "privateKey", clientId: "0oa1", privateKey, keyId: "kid-1", scopes: SCOPES },
        ...more,
      });
      open.push(client);
      return client;
    },
  };
}

const pem = (key: KeyObject, type: "pkcs1" | "pkcs8" | "sec1"): string =>
  key.export({ format: "pem", type }).toString();
const jwk = (key: KeyObject, more: object = {}): string =>
  JSON.stringify({ ...key.export({ format: "jwk" }), ...more });
const ec = (namedCurve: string): { privateKey: KeyObject; publicKey: KeyObject } =>
  generateKeyPairSync("ec", { namedCurve });
const [p256, p384, p521] = [ec("P-256"), ec("P-384"), ec("P-521")];

test.each([
  ["RSA PKCS#1", pem(rsa.privateKey, "pkcs1"), rsa.publicKey, "RS256"],
  ["RSA PKCS#8", pem(rsa.privateKey, "pkcs8"), rsa.publicKey, "RS256"],
  ["RSA PEM with written-out line ends", pem(rsa.privateKey, "pkcs8").replaceAll("\n", "\\n"), rsa.publicKey, "RS256"],
  ["RSA JWK", jwk(rsa.privateKey), rsa.publicKey, "RS256"],
  ["RSA JWK that asks for RS512", jwk(rsa.privateKey, { alg: "RS512" }), rsa.publicKey, "RS512"],
  ["EC SEC1", pem(p256.privateKey, "sec1"), p256.publicKey, "ES256"],
  ["EC PKCS#8", pem(p384.privateKey, "pkcs8"), p384.publicKey, "ES384"],
  ["EC JWK", jwk(p521.privateKey), p521.publicKey, "ES512"],
])("signs in with a key as %s", async (_, privateKey, publicKey, algorithm) => {
  const org = await startOrg({ publicKey });
  await org.app(privateKey).get("/api/v1/users");
  const form = new URLSearchParams(org.tokenRequests()[0]?.body);
  expect(form.get("grant_type")).toBe("client_credentials");
  expect(form.get("scope")).toBe("okta.users.read okta.groups.read");
  const { header, claims } = readJwt(form.get("client_assertion") ?? "", publicKey);
  expect(header).toMatchObject({ alg: algorithm, kid: "kid-1" });
  expect(claims).toMatchObject({
    aud: `${org.url}/oauth2/v1/token`,
    iss: "0oa1",
    sub: "0oa1",
    jti: expect.any(String) as string,
  });
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBeLessThanOrEqual(3600);
});

test("one token for parallel first requests, kept, and renewed at 80 % of its life", async () => {
  const clock = new VirtualClock(Date.now());
  const org = await startOrg({ lifeSeconds: 1000 });
  const client = org.app(jwk(rsa.privateKey), { clock });
  await Promise.all(Array.from({ length: 8 }, () => client.get("/api/v1/users")));
  expect(org.tokenRequests()).toHaveLength(1);
  await clock.run(clock.sleep(790_000));
  await client.get("/api/v1/users");
  expect(org.tokenRequests()).toHaveLength(1);
  await clock.run(clock.sleep(11_000));
  await Promise.all([client.get("/api/v1/users"), client.get("/api/v1/groups")]);
  expect(org.tokenRequests()).toHaveLength(2);
  expect(client.stats.requests).toBe(11);
});

test("a dead token is replaced once for all who met it; an app that stays refused gets its error", async () => {
  const org = await startOrg();
  const client = org.app(jwk(rsa.privateKey));
  await client.get("/api/v1/users");
  org.dead.add(org.tokens[0] ?? "");
  await Promise.all([1, 2, 3].map(() => client.get("/api/v1/users")));
  expect(org.tokens).toHaveLength(2);
  for (let i = 0; i < 9; i += 1) org.dead.add(`token-${i}-of-this-test`);
  await expect(client.get("/api/v1/users")).rejects.toMatchObject({ code: "OKTA_TOKEN_INVALID" });
  expect(org.tokens).toHaveLength(3);
});

test("DPoP: a fresh proof for every try, and the nonce is kept", async () => {
  const org = await startOrg({ dpop: true });
  const client = org.app(jwk(rsa.privateKey));
  await client.get("/api/v1/users?limit=200&filter=a#b");
  org.dead.add(org.tokens[0] ?? "");
  await client.request("POST", "/api/v1/groups", { body: {} });
  const proofs = org.apiRequests().map((request) => ({ request, ...readProof(request) }));
  expect(proofs.map(({ request, claims }) => [request.method, claims["htm"], claims["htu"]])).toEqual([
    ["GET", "GET", `${org.url}/api/v1/users`],
    ["POST", "POST", `${org.url}/api/v1/groups`],
    ["POST", "POST", `${org.url}/api/v1/groups`],
  ]);
  for (const { request, header, claims } of proofs) {
    const [scheme, token = ""] = String(request.headers.authorization).split(" ");
    expect(scheme).toBe("DPoP");
    expect(claims["ath"]).toBe(createHash("sha256").update(token).digest("base64url"));
    expect(header["jwk"]).not.toHaveProperty("d");
  }
  expect(new Set(proofs.map(({ claims }) => claims["jti"])).size).toBe(3);
  // First without nonce, then with it; the second token at once with the nonce.
  expect(
    org
      .tokenRequests()
      .slice(-3)
      .map((request) => readProof(request).claims["nonce"]),
  ).toEqual([undefined, "nonce-1", "nonce-1"]);
});

test("a machine whose clock is off signs in by Okta's clock", async () => {
  const org = await startOrg({ skewMs: 3_600_000 });
  await org.app(jwk(rsa.privateKey)).get("/api/v1/users");
  expect(org.tokenRequests()).toHaveLength(2);
});

test.each([
  ["invalid_client", "clientId"],
  ["invalid_scope", "super admin"],
  ["invalid_dpop_proof", "clock"],
])("the token endpoint's %s is told, with a remedy and without the assertion", async (name, remedy) => {
  const privateKey = jwk(rsa.privateKey);
  const org = await startOrg({
    refuse: {
      status: 400,
      body: { error: name, error_description: "because of eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIwb2ExIn0.c2ln" },
    },
  });
  const failure = await org
    .app(privateKey)
    .get("/api/v1/users")
    .catch((reason: unknown) => reason);
  expect(failure).toMatchObject({
    code: "OKTA_OAUTH",
    retryable: false,
    remedy: expect.stringContaining(remedy) as string,
  });
  expect(String(failure)).toContain(`POST /oauth2/v1/token answered 400 ${name}: because of [token]`);
  expect(org.seen).toHaveLength(1);
});

test("an endpoint without OAuth support is denied, not a dead token", async () => {
  const served = await serve((request, response) => {
    if (request.url.pathname === "/oauth2/v1/token")
      json(response, { token_type: "Bearer", expires_in: 3600, access_token: "fresh-token" });
    else oktaError(response, 403, "E0000005");
  });
  open.push(served);
  const client = createOktaClient({
    orgUrl: served.url,
    auth: { kind: "privateKey", clientId: "0oa1", privateKey: jwk(rsa.privateKey), scopes: SCOPES },
  });
  open.push(client);
  await expect(client.get("/api/v1/apps")).rejects.toMatchObject({ code: "OKTA_DENIED" });
  expect(served.seen).toHaveLength(2);
});

test.each([
  [
    "a missing scope",
    { "WWW-Authenticate": 'Bearer error="insufficient_scope", scope="okta.logs.read"' },
    "okta.logs.read",
  ],
  ["a missing role", {}, "admin role"],
])("%s is named", async (_, headers, remedy) => {
  const served = await serve((request, response) => {
    if (request.url.pathname === "/oauth2/v1/token")
      json(response, { token_type: "Bearer", expires_in: 3600, access_token: "fresh-token" });
    else oktaError(response, 403, "E0000006", { headers });
  });
  open.push(served);
  const client = createOktaClient({
    orgUrl: served.url,
    auth: { kind: "privateKey", clientId: "0oa1", privateKey: jwk(rsa.privateKey), scopes: SCOPES },
  });
  open.push(client);
  await expect(client.get("/api/v1/logs")).rejects.toMatchObject({
    code: "OKTA_DENIED",
    remedy: expect.stringContaining(remedy) as string,
  });
});

test.each([
  [
    "an encrypted key",
    p256.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString(),
    "passphrase",
  ],
  ["a public key", JSON.stringify(rsa.publicKey.export({ format: "jwk" })), "private key"],
  ["a curve that Okta does not take", jwk(ec("secp256k1").privateKey), "P-256"],
  ["an Ed25519 key", pem(generateKeyPairSync("ed25519").privateKey, "pkcs8"), "P-256"],
  ["an algorithm that does not fit", jwk(rsa.privateKey, { alg: "ES256" }), "alg"],
])("%s is refused at once and not shown", (_, privateKey, why) => {
  const make = (): unknown =>
    createOktaClient({
      orgUrl: "https://acme.okta.com",
      auth: { kind: "privateKey", clientId: "0oa1", privateKey, scopes: SCOPES },
    });
  expect(make).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      where: "privateKey",
      message: expect.stringContaining(why) as string,
    }),
  );
  expect(make).not.toThrow(privateKey.slice(40, 80));
});
