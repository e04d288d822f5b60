import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { beforeAll, expect, test } from "vitest";

import { type Connection, parseConfig, resolveConnection, Secret, soleOktaConnection } from "./index.js";

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
  expect(await url("${env:A}", { A: "postgres://${env:B}/x", B: "no" })).toBe("postgres://${env:B}/x");
});

test("a command runs without a shell, its words as they stand", async () => {
  expect(await url('postgres://${cmd:./vault read "two words" $HOME;id}')).toBe("postgres://read|two words|$HOME;id|");
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
