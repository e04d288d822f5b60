import { expect, test } from "vitest";

import { chooseTls, readDatabaseUrl, type TlsMode } from "./index.js";

function tls(address: string, more: { tls?: TlsMode; hasCa?: boolean } = {}): string {
  const url = readDatabaseUrl(address);
  if (url === null) return "no URL";
  const choice = chooseTls({ hasCa: false, ...url, ...more });
  return "mode" in choice ? choice.mode : `${choice.key}: ${choice.fault}`;
}

test("another machine is spoken to by verified TLS", () => {
  for (const address of ["postgres://u:p@db.example.com/x", "mysql://u:p@10.0.0.7", "mysql://u@[2001:db8::1]:3306/x"])
    expect(tls(address)).toBe("verify");
});

test("a loopback address or a socket needs none, unless an authority is named", () => {
  for (const host of ["localhost", "LOCALHOST", "db.localhost", "127.0.0.1", "127.8.8.8", "[::1]"]) {
    expect(tls(`postgres://u:p@${host}/x`)).toBe("off");
    expect(tls(`postgres://u:p@${host}/x`, { hasCa: true })).toBe("verify");
  }
  expect(tls("postgres:///x")).toBe("off");
  expect(tls("postgres://u:p@/x?host=/var/run/postgresql")).toBe("off");
  expect(tls("postgres://u:p@%2Fvar%2Frun%2Fpostgresql/x")).toBe("off");
  expect(tls("mysql://u:p@db.example.com?socket=/run/mysqld/mysqld.sock")).toBe("off");
  expect(tls("postgres://u:p@localhost/x?host=db.example.com")).toBe("verify");
});

test("sslmode is honoured, and the key goes before it where both can be had", () => {
  expect(tls("postgres://u:p@localhost/x?sslmode=require")).toBe("verify");
  expect(tls("postgres://u:p@localhost/x?sslmode=verify-ca")).toBe("verify");
  expect(tls("postgres://u:p@h/x?sslmode=no-verify")).toBe("no-verify");
  expect(tls("mysql://u:p@h?sslmode=disable")).toBe("off");
  expect(tls("postgres://u:p@h/x?ssl=true")).toBe("verify");
  expect(tls("postgres://u:p@h/x?sslmode=require", { tls: "no-verify" })).toBe("no-verify");
  expect(tls("postgres://u:p@h/x?sslmode=prefer", { tls: "off" })).toBe("off");
  expect(tls("postgres://u:p@h/x?sslmode=disable", { tls: "verify" })).toMatch(/^tls: .*contradicts sslmode=disable/);
  expect(tls("postgres://u:p@h/x?sslmode=verify-full", { tls: "no-verify" })).toMatch(/^tls: /);
  expect(tls("postgres://u:p@h/x?sslmode=allow")).toMatch(/^url: .*in silence\. Write tls: verify/);
  expect(tls("postgres://u:p@h/x?sslmode=no-verify", { hasCa: true })).toMatch(/^caFile: .*sslmode=no-verify/);
});

test("a SQL Server URL may say it in that product's words", () => {
  const at = (query: string, more: { tls?: TlsMode; hasCa?: boolean } = {}): string =>
    tls(`sqlserver://u:p@h/x?${query}`, more);
  expect(at("encrypt=true")).toBe("verify");
  expect(at("Encrypt=Mandatory&TrustServerCertificate=Yes")).toBe("no-verify");
  expect(at("trustServerCertificate=true")).toBe("no-verify");
  expect(at("encrypt=false&trustServerCertificate=true")).toBe("off");
  expect(at("encrypt=strict&trustServerCertificate=true")).toBe("verify");
  expect(at("trustServerCertificate=false")).toBe("verify");
  expect(at("encrypt=false", { tls: "verify" })).toMatch(/^tls: .*contradicts encrypt=false in url/);
  expect(at("trustServerCertificate=true", { hasCa: true })).toMatch(/^caFile: .*trustServerCertificate=true in url/);
  expect(at("encrypt=maybe")).toMatch(/^url: .*an encrypt that is none of true, false or strict/);
  expect(tls("sqlserver://u:p@localhost/x")).toBe("off");
  expect(tls("mssql://u:p@localhost/x?encrypt=true")).toBe("verify");
  // Elsewhere these words mean nothing.
  expect(tls("postgres://u:p@h/x?encrypt=false")).toBe("verify");
});

test("a URL comes apart into what a driver needs", () => {
  expect(readDatabaseUrl("postgres://me:p%40ss@[::1]:6432/a%20b?application_name=x")).toMatchObject({
    scheme: "postgres",
    host: "::1",
    socket: null,
    port: 6432,
    user: "me",
    password: "p@ss",
    database: "a b",
  });
  expect(readDatabaseUrl("mysql://me:pw@?socket=/run/s.sock")).toMatchObject({
    host: null,
    socket: "/run/s.sock",
    user: "me",
    database: null,
  });
});

test("what is no URL, or has a password that was not encoded, is none", () => {
  for (const text of [
    "",
    "server=h;password=x",
    "postgres://me:p@ss/w@h/x",
    "postgres://me:1#p@h/x",
    "mysql://me:1?p@h",
    "mysql://me:%zz@h",
  ])
    expect(readDatabaseUrl(text)).toBeNull();
});
