import { expect, test } from "vitest";

import { ConnectError } from "../../driver.js";
import { isDuplicate, mapError } from "./errors.js";
import { settingsOf } from "./settings.js";

function failing(number: number, words = "words"): Error {
  return mapError(Object.assign(new Error(words), { number, code: "EREQUEST" }), "test");
}

test("error numbers become codes with a remedy", () => {
  const expected: readonly [number, string, boolean][] = [
    [229, "WAREHOUSE_DENIED", false],
    [262, "WAREHOUSE_DENIED", false],
    [208, "WAREHOUSE_STATEMENT", false],
    [547, "WAREHOUSE_VALUE", false],
    [1105, "WAREHOUSE_FULL", false],
    [9002, "WAREHOUSE_FULL", false],
    [1205, "WAREHOUSE_CONFLICT", true],
    [1222, "WAREHOUSE_CONFLICT", true],
    [2601, "WAREHOUSE_CONFLICT", true],
    [2628, "WAREHOUSE_VALUE", false],
    [3906, "WAREHOUSE_READ_ONLY", false],
    [4922, "WAREHOUSE_STATEMENT", false],
    [596, "WAREHOUSE_CONNECTION_LOST", true],
    [10928, "WAREHOUSE_UNREACHABLE", true],
    [40613, "WAREHOUSE_UNREACHABLE", true],
    [33557097, "WAREHOUSE_STATEMENT", false],
  ];
  for (const [number, code, retryable] of expected) {
    expect(failing(number), String(number)).toMatchObject({ code, retryable, remedy: expect.stringMatching(/\w{3}/) });
  }
});

test("of several errors the one that tells most counts", () => {
  const one = (number: number): Error => Object.assign(new Error(`words of ${number}`), { number, code: "EREQUEST" });
  const several = new AggregateError([one(50_000), one(2627)]);
  expect(mapError(several, "test")).toMatchObject({
    code: "WAREHOUSE_CONFLICT",
    message: expect.stringContaining("words of 2627"),
  });
  expect(isDuplicate(several)).toBe(true);
  expect(isDuplicate(one(1205))).toBe(false);
});

test("what refuses a login, or cuts a connection, means another thing before the connection stands", () => {
  const connecting = (error: object): unknown =>
    mapError(new ConnectError(Object.assign(new Error("words"), error)), "test");
  const socket = (code: string): object => ({
    code: "ESOCKET",
    cause: Object.assign(new Error("inner words"), { code }),
  });
  expect(connecting({ code: "ELOGIN", numbers: [18456] })).toMatchObject({ code: "WAREHOUSE_AUTH" });
  expect(connecting({ code: "ELOGIN", numbers: [4060, 18456] })).toMatchObject({ code: "WAREHOUSE_NO_DATABASE" });
  expect(connecting({ code: "ELOGIN", numbers: [40613] })).toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
  expect(connecting({ code: "ETIMEOUT" })).toMatchObject({ code: "WAREHOUSE_UNREACHABLE", retryable: true });
  expect(connecting(socket("ECONNRESET"))).toMatchObject({ code: "WAREHOUSE_UNREACHABLE", retryable: true });
  expect(connecting(socket("SELF_SIGNED_CERT_IN_CHAIN"))).toMatchObject({
    code: "WAREHOUSE_UNREACHABLE",
    retryable: false,
    remedy: expect.stringContaining("caFile"),
  });
  expect(connecting({ code: "EINSTLOOKUP" })).toMatchObject({ remedy: expect.stringContaining("1434") });
  const later = Object.assign(new Error("words"), { code: "ETIMEOUT" });
  expect(mapError(later, "test")).toMatchObject({ code: "WAREHOUSE_STATEMENT" });
});

test("what a server quotes of the data stays out of the message", () => {
  const messages = [
    "Violation of PRIMARY KEY constraint 'PK_people'. Cannot insert duplicate key in object 'okta.people'. The duplicate key value is (s3cret, 7).",
    "Conversion failed when converting the nvarchar value 's3cret' to data type int.",
    "String or binary data would be truncated in table 'db.okta.people', column 'badge'. Truncated value: 's3cret'.",
    'invalid input syntax for type bigint: "s3cret"',
  ];
  for (const words of messages) expect(failing(245, words).message).not.toContain("s3cret");
  expect(failing(2628, messages[2]).message).toContain("badge");
  expect(failing(2627, messages[0]).message).toContain("okta.people");
});

test("TLS is verified unless somebody says otherwise or the server is this machine", async () => {
  const tls = async (url: string, more: object = {}): Promise<unknown> => {
    const { configuration, endpoint } = await settingsOf({ type: "sqlserver", url, schema: "x", ...more });
    const { encrypt, trustServerCertificate } = configuration.options ?? {};
    return [encrypt, trustServerCertificate, endpoint.tls];
  };
  const far = "sqlserver://me:pw@db.example.com/okta";
  expect(await tls(far)).toEqual([true, false, "verify"]);
  expect(await tls(far, { tls: "no-verify" })).toEqual([true, true, "no-verify"]);
  expect(await tls(far, { tls: "off" })).toEqual([false, true, "off"]);
  expect(await tls(`${far}?encrypt=true&trustServerCertificate=true`)).toEqual([true, true, "no-verify"]);
  expect(await tls(`${far}?Encrypt=false`)).toEqual([false, true, "off"]);
  expect(await tls(`${far}?encrypt=strict`)).toEqual(["strict", false, "verify"]);
  expect(await tls("mssql://me:pw@127.0.0.1:1433/okta")).toEqual([false, true, "off"]);
  expect(await tls("mssql://me:pw@[::1]/okta", { tls: "verify" })).toEqual([true, false, "verify"]);
  expect(await tls("mssql://me:pw@127.example.com/okta")).toEqual([true, false, "verify"]);
  for (const [query, more, where] of [
    ["?trustServerCertificate=true", { tls: "verify" }, "tls"],
    ["?encrypt=strict", { tls: "no-verify" }, "tls"],
    ["", { tls: "off", caFile: "/nowhere/ca.pem" }, "caFile"],
    ["", { caFile: "/nowhere/ca.pem" }, "caFile"],
    ["?encrypt=maybe", {}, "url"],
  ] as const)
    await expect(tls(far + query, more)).rejects.toMatchObject({ code: "CONFIG_INVALID", where });
});

test("instance, domain and access token go to the driver", async () => {
  const url = "sqlserver://me:p%40w@db.example.com/okta";
  const of = async (more: object, at = url) =>
    (await settingsOf({ type: "sqlserver", url: at, schema: "x", ...more })).configuration;
  expect(await of({ instance: "SQLEXPRESS", domain: "CORP" })).toMatchObject({
    server: "db.example.com",
    authentication: { type: "ntlm", options: { domain: "CORP", userName: "me", password: "p@w" } },
    options: { instanceName: "SQLEXPRESS", database: "okta" },
  });
  expect((await of({ instance: "SQLEXPRESS" })).options?.port).toBeUndefined();
  expect((await of({ instance: "SQLEXPRESS" }, url.replace(".com", ".com:1500"))).options).toMatchObject({
    port: 1500,
  });
  expect(await of({ accessToken: "t0ken", statementTimeoutMs: 5_000 })).toMatchObject({
    authentication: { type: "azure-active-directory-access-token", options: { token: "t0ken" } },
    options: { port: 1433, requestTimeout: 5_000 },
  });
});

test("a url that is none, is another database's or names no database is refused, without its password", async () => {
  for (const url of ["server=db;password=s3cret", "mysql://me:s3cret@db/okta", "sqlserver://me:s3cret@db:1433"]) {
    const refused: unknown = await settingsOf({ type: "sqlserver", url, schema: "x" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "CONFIG_INVALID", remedy: expect.stringContaining("sqlserver://") });
    expect(String((refused as Error).message)).not.toContain("s3cret");
  }
});
