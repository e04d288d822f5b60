import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { beforeAll, expect, test } from "vitest";

import { ConfigError, type Connection, parseConfig, resolveConnection, Secret, soleOktaConnection } from "./index.js";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidemark-secrets-"));
  await writeFile(join(folder, "password"), "s3cret\n");
  await writeFile(join(folder, "vault"), '#!/bin/sh\nprintf "%s|" "$@"\necho\n');
  await chmod(join(folder, "vault"), 0o755);
});

async function connection(lines: string, env: Record<string, string> = {}): Promise<Connection> {
  const config = await parseConfig(`connections:\n  it:\n${lines.replaceAll(/^/gm, "    ")}\n`, {
    file: "t.yaml",
    folder,
    env,
  });
  return resolveConnection(config, "it");
}

async function url(value: string, env: Record<string, string> = {}): Promise<string> {
  const resolved = await connection(`type: postgres\nurl: '${value}'`, env);
  return resolved.type === "postgres" ? resolved.url.reveal() : "";
}

test("references are looked up inside longer texts", async () => {
  expect(await url("postgres://me:${file:password}@${env:HOST}/db", { HOST: "db.example.com" })).toBe(
    "postgres://me:s3cret@db.example.com/db",
  );
  expect(await url("postgres://me:$${literal}@h/db")).toBe("postgres://me:${literal}@h/db");
});

test("a looked-up value that looks like a reference is not looked up again", async () => {
  expect(await url("${env:A}", { A: "postgres://h/${env:B}", B: "no" })).toBe("postgres://h/${env:B}");
});

test("a command runs without a shell, its words as they stand", async () => {
  expect(await url('postgres://h/${cmd:./vault read "two words" $HOME;id}')).toBe(
    "postgres://h/read|two words|$HOME;id|",
  );
});

test("a value is read from the age-encrypted file", async () => {
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  await writeFile(
    join(folder, "tidemark.secrets.age"),
    await encrypter.encrypt(JSON.stringify({ db: "postgres://a:b@c/d" })),
  );
  expect(await url("${secret:db}", { TIDEMARK_SECRETS_KEY: identity })).toBe("postgres://a:b@c/d");
  await expect(url("${secret:dbb}", { TIDEMARK_SECRETS_KEY: identity })).rejects.toThrow('Did you mean "db"?');
  const other = await generateIdentity();
  const failure = await url("${secret:db}", { TIDEMARK_SECRETS_KEY: other }).catch((error: unknown) => error);
  expect(inspect(failure, { depth: 9 })).toContain("cannot be opened with this key");
  expect(inspect(failure, { depth: 9 })).not.toContain(other);
});

test("what cannot be looked up is told with its place and without a value", async () => {
  await expect(url("${env:MISSING}")).rejects.toMatchObject({
    code: "CONFIG_SECRET",
    where: "t.yaml:4:10 connections.it.url",
    message: "The environment variable MISSING is not set.",
  });
  await expect(url("${file:nothing}")).rejects.toThrow("The file nothing cannot be read (ENOENT)");
  await expect(url("${cmd:./no-such-program}")).rejects.toThrow("was not found");
  await expect(url("${env:PW}", { PW: "hunter2" })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(url("${env:PW}", { PW: "hunter2" })).rejects.not.toThrow("hunter2");
});

async function faults(lines: string, env: Record<string, string> = {}): Promise<string[]> {
  const thrown: unknown = await connection(lines, env).catch((error: unknown) => error);
  if (!(thrown instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${inspect(thrown)}`);
  return thrown.problems.map(({ where, message }) => `${where}: ${message}`);
}

test("a database connection's settings, given as they are or by reference", async () => {
  const lines = `type: sqlserver
url: sqlserver://db.example.com/idp
instance: SQLEXPRESS
accessToken: \${file:password}
caFile: certs/corp.pem
tls: \${env:TLS}
poolSize: \${env:POOL}
statementTimeout: \${env:LIMIT}
connectTimeout: 90s
createDatabase: \${env:MAKE}`;
  const resolved = await connection(lines, { TLS: "verify", POOL: "3", LIMIT: "1h30m", MAKE: "true" });
  expect(resolved).toMatchObject({
    instance: "SQLEXPRESS",
    caFile: join(folder, "certs/corp.pem"),
    tls: "verify",
    poolSize: 3,
    statementTimeoutMs: 5_400_000,
    connectTimeoutMs: 90_000,
    createDatabase: true,
  });
  expect(resolved.type === "sqlserver" && resolved.accessToken?.reveal()).toBe("s3cret");
  expect(inspect(resolved, { depth: 9, showHidden: true }) + JSON.stringify(resolved)).not.toContain("s3cret");
});

test("wishes for TLS that contradict each other are told at the key", async () => {
  const at = async (address: string, ...keys: string[]): Promise<string[]> =>
    faults(["type: postgres", "url: ${env:URL}", ...keys].join("\n"), { URL: address });
  expect(await at("postgres://u:pw@h/x?sslmode=disable", "tls: verify")).toEqual([
    "t.yaml:5:10 connections.it.tls: tls: verify contradicts sslmode=disable in url. Leave one of them out.",
  ]);
  expect(await at("postgres://u:pw@h/x?sslmode=verify-full", "tls: no-verify")).toHaveLength(1);
  expect(await at("postgres://u:pw@h/x", "tls: off", "caFile: corp.pem")).toEqual([
    "t.yaml:6:13 connections.it.caFile: caFile is of use only with tls: verify, and tls: off checks no certificate. Leave one of them out.",
  ]);
  expect(await at("postgres://u:pw@h/x?sslmode=prefer")).toEqual([
    "t.yaml:4:10 connections.it.url: url has sslmode=prefer, which would go on without TLS in silence. Write tls: verify, or tls: off on a network that you trust.",
  ]);
  expect(await at("postgres://u:pw@h/x?sslmode=required")).toEqual([
    "t.yaml:4:10 connections.it.url: url has an sslmode that is none of disable, no-verify, require, verify-ca or verify-full.",
  ]);
});

test("SQL Server: what stands instead of something else does not stand beside it", async () => {
  const lines = "type: sqlserver\nurl: ${env:URL}\ninstance: A\ndomain: CORP\naccessToken: eyToken";
  expect(await faults(lines, { URL: "sqlserver://u:pw@h:1433/x" })).toEqual([
    "t.yaml:5:15 connections.it.instance: Give instance or a port in url, not both: an instance's port is asked of the SQL Server Browser.",
    "t.yaml:6:13 connections.it.domain: Give accessToken or domain, not both.",
    "t.yaml:7:18 connections.it.accessToken: accessToken stands instead of user and password: leave them out of url.",
  ]);
  expect(await faults("type: sqlserver\nurl: sqlserver://h/x\ndomain: CORP")).toEqual([
    "t.yaml:5:13 connections.it.domain: An NTLM login needs user and password in url, beside domain.",
  ]);
});

test("a password that is not encoded is told, and neither it nor a part of it is shown", async () => {
  for (const address of [
    "postgres://me:Xun@Qer/2@h/db",
    "postgres://me:Xun%zzQer@h/db",
    "postgres://me:1#Xun@h/db",
    "postgres://me:1?Qer@h/db",
  ]) {
    const [fault, ...others] = await faults("type: postgres\nurl: '${env:URL}'", { URL: address });
    expect(others).toEqual([]);
    expect(fault).toMatch(/^t\.yaml:4:10 connections\.it\.url: url is not a URL such as postgres.*%40, %2F/);
    expect(fault).not.toMatch(/Xun|Qer/);
  }
});

test("only the connection that is used is looked up", async () => {
  const text = "connections:\n  a: { type: csv, dir: out }\n  b: { type: postgres, url: '${env:MISSING}' }\n";
  const config = await parseConfig(text, { file: "t.yaml", folder, env: {} });
  await expect(resolveConnection(config, "a")).resolves.toMatchObject({ dir: join(folder, "out"), layout: "tidemark" });
});

test("an Okta connection: subdomain, share from the environment, scopes as text, key as JWK", async () => {
  const okta = await connection(
    'type: okta\nsubdomain: acme\nclientId: 0oa1\nprivateKey: { kty: RSA, n: abc }\nscopes: okta.users.read okta.groups.read\nrateLimit: { share: "${env:SHARE}" }\ncaFile: corp.pem',
    { SHARE: "0.25" },
  );
  expect(okta).toMatchObject({
    orgUrl: "https://acme.okta.com",
    scopes: ["okta.users.read", "okta.groups.read"],
    rateLimit: { share: 0.25 },
    caFile: join(folder, "corp.pem"),
    origins: { subdomain: "t.yaml:4:16", rateLimit: "t.yaml:8:16" },
  });
  expect(okta.type === "okta" && okta.privateKey?.reveal()).toBe('{"kty":"RSA","n":"abc"}');
});

test("a share that a reference gives is held to the same limits", async () => {
  const share = connection('type: okta\norgUrl: https://a.okta.com\ntoken: x\nrateLimit: { share: "${env:SHARE}" }', {
    SHARE: "7",
  });
  await expect(share).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    where: "t.yaml:6:25 connections.it.rateLimit.share",
  });
});

test("secrets do not show, however they are printed", async () => {
  const okta = await connection("type: okta\norgUrl: https://acme.okta.com\ntoken: 00abcdef");
  const shown = [
    JSON.stringify(okta),
    inspect(okta, { depth: 9, showHidden: true }),
    `${new Secret("00abcdef")}`,
    String(Object.values(okta)),
  ];
  for (const text of shown) expect(text).not.toContain("00abcdef");
  expect(JSON.stringify(okta)).toContain("***");
});

test("OKTA_CLIENT_… may fill only a single Okta connection", async () => {
  const whole = "{ type: okta, orgUrl: https://a.okta.com, token: t }";
  const one = await parseConfig(`connections:\n  a: ${whole}\n`, { file: "t.yaml", folder, env: {} });
  const two = await parseConfig(`connections:\n  a: ${whole}\n  b: ${whole}\n`, { file: "t.yaml", folder, env: {} });
  expect([soleOktaConnection(one), soleOktaConnection(two)]).toEqual(["a", null]);
});

test("an unknown connection is told with those there are", async () => {
  const config = await parseConfig("connections:\n  acme: { type: csv, dir: x }\n", {
    file: "t.yaml",
    folder,
    env: {},
  });
  await expect(resolveConnection(config, "acne")).rejects.toMatchObject({
    code: "USAGE",
    message: 'There is no connection "acne" in t.yaml. Did you mean "acme"?',
    remedy: "Connections there: acme.",
  });
});
