import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveOktaSettings } from "./settings.js";

let root: string;
let places: { homeDir: string; cwd: string; env: Record<string, string> };
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tidemark-settings-"));
  places = { homeDir: join(root, "home"), cwd: join(root, "here"), env: {} };
  await mkdir(join(places.homeDir, ".okta"), { recursive: true });
  await mkdir(places.cwd);
});
afterEach(() => rm(root, { recursive: true }));

test("the configuration wins over the environment, that over okta.yaml here, that over the one at home", async () => {
  await writeFile(
    join(places.homeDir, ".okta", "okta.yaml"),
    "okta:\n  client:\n    orgUrl: https://home.okta.com\n    token: home\n",
  );
  await writeFile(join(places.cwd, "okta.yaml"), "okta:\n  client:\n    orgUrl: https://here.okta.com\n");
  const found = await resolveOktaSettings(places);
  expect(found.settings).toEqual({ orgUrl: "https://here.okta.com", token: "home" });
  expect(found.sources).toEqual({
    orgUrl: join(places.cwd, "okta.yaml"),
    token: join(places.homeDir, ".okta", "okta.yaml"),
  });
  const more = await resolveOktaSettings({
    ...places,
    explicit: { orgUrl: "https://acme.okta.com" },
    env: { OKTA_CLIENT_TOKEN: "env" },
  });
  expect(more.auth).toEqual({ kind: "ssws", token: "env" });
  expect(more.sources).toEqual({ orgUrl: "configuration", token: "OKTA_CLIENT_TOKEN" });
});

test("a service app from the environment; a token elsewhere is not mixed in", async () => {
  await writeFile(
    join(places.cwd, "okta.yaml"),
    "okta:\n  client:\n    orgUrl: https://here.okta.com\n    token: stray\n",
  );
  const env = {
    OKTA_CLIENT_CLIENTID: "0oa1",
    OKTA_CLIENT_PRIVATEKEY: "PEM",
    OKTA_CLIENT_SCOPES: "okta.users.read okta.groups.read",
  };
  const found = await resolveOktaSettings({ ...places, env });
  expect(found.auth).toEqual({
    kind: "privateKey",
    clientId: "0oa1",
    privateKey: "PEM",
    scopes: ["okta.users.read", "okta.groups.read"],
  });
  expect(found.settings.token).toBeUndefined();
});

test("a JWK and a list of scopes as YAML", async () => {
  await writeFile(
    join(places.cwd, "okta.yaml"),
    "okta:\n  client:\n    orgUrl: https://here.okta.com\n    authorizationMode: PrivateKey\n    token: stray\n    clientId: 0oa1\n    scopes: [okta.users.read]\n    privateKey: {kty: EC, d: x}\n",
  );
  const found = await resolveOktaSettings(places);
  expect(found.auth).toEqual({
    kind: "privateKey",
    clientId: "0oa1",
    privateKey: '{"kty":"EC","d":"x"}',
    scopes: ["okta.users.read"],
  });
});

test("tells what is missing", async () => {
  expect(await resolveOktaSettings(places)).toMatchObject({ auth: null, missing: ["orgUrl", "token"] });
  expect(await resolveOktaSettings({ ...places, explicit: { clientId: "0oa1" } })).toMatchObject({
    missing: ["orgUrl", "privateKey", "scopes"],
  });
});

test("a broken okta.yaml is named with its line, not quoted", async () => {
  await writeFile(join(places.cwd, "okta.yaml"), 'okta:\n  client:\n    token: "secret\n   x: [');
  const failure = await resolveOktaSettings(places).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "CONFIG_SYNTAX", where: expect.stringContaining("okta.yaml:") as string });
  expect(String(failure)).not.toContain("secret");
});
