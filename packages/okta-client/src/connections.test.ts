import { createServer, request as forward, type Server } from "node:http";
import https from "node:https";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createOktaClient, type OktaClient, type OktaClientOptions } from "./index.js";
import { chooseProxy } from "./proxy.js";
import { listen, TOKEN } from "./testing/server.js";
import { CA, SERVER_CERTIFICATE, SERVER_KEY } from "./testing/tls.js";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function org(): Promise<number> {
  const server = https.createServer({ key: SERVER_KEY, cert: SERVER_CERTIFICATE }, (_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"id":"00o1"}');
  });
  return port(server);
}

async function port(server: Server | https.Server): Promise<number> {
  await listen(server as Server);
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that leads every name to loopback, and writes down whom it was asked for. */
async function proxy(credentials?: string): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`plain ${request.url}`);
    request.pipe(forward(request.url ?? "", (answer) => answer.pipe(response)));
  });
  server.on("connect", (request, socket) => {
    asked.push(String(request.url));
    if (
      credentials &&
      request.headers["proxy-authorization"] !== `Basic ${Buffer.from(credentials).toString("base64")}`
    ) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const target = connect(Number(String(request.url).split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.pipe(socket);
      socket.pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("error", () => target.destroy());
  });
  return { port: await port(server), asked };
}

async function caFile(text = CA): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-ca-"));
  cleanUp.push(() => rm(folder, { recursive: true }));
  const path = join(folder, "ca.pem");
  await writeFile(path, text);
  return path;
}

function client(orgUrl: string, options: Partial<OktaClientOptions> = {}): OktaClient {
  const made = createOktaClient({ orgUrl, auth: { kind: "ssws", token: TOKEN }, env: {}, ...options });
  cleanUp.push(() => made.close());
  return made;
}

test("trusts a private CA when told, and says what to do when not", async () => {
  const at = await org();
  await expect(client(`https://localhost:${at}`).organization()).rejects.toMatchObject({
    code: "OKTA_UNREACHABLE",
    retryable: false,
    remedy: expect.stringContaining("caFile") as string,
  });
  expect(await client(`https://localhost:${at}`, { caFile: await caFile() }).organization()).toMatchObject({
    id: "00o1",
  });
  for (const bad of ["/nowhere/ca.pem", await caFile("not a certificate")]) {
    await expect(client(`https://localhost:${at}`, { caFile: bad }).organization()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      where: "caFile",
    });
  }
});

test("goes through the proxy, by option or environment, also with a password", async () => {
  const at = await org();
  const orgUrl = `https://acme.okta.test:${at}`;
  const ca = await caFile();
  const through = await proxy("user:p@ss");
  const address = `http://user:p%40ss@127.0.0.1:${through.port}`;
  expect(await client(orgUrl, { caFile: ca, proxy: address }).organization()).toMatchObject({ id: "00o1" });
  const made = client(orgUrl, { caFile: ca, env: { HTTPS_PROXY: address } });
  await Promise.all([1, 2, 3].map(() => made.get("/api/v1/users")));
  await made.get("/api/v1/users");
  expect(new Set(through.asked)).toEqual(new Set([`acme.okta.test:${at}`]));
  // One tunnel for the first client, at most three kept alive for the second.
  expect(through.asked.length).toBeLessThanOrEqual(4);
});

test("a proxy that refuses is named, its password is not", async () => {
  const through = await proxy("user:right");
  const refused = await client(`https://acme.okta.test:1`, {
    proxy: `http://user:wrongpassword@127.0.0.1:${through.port}`,
  })
    .organization()
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "OKTA_UNREACHABLE", remedy: expect.stringContaining("proxy") as string });
  expect(String(refused)).not.toContain("wrongpassword");
  await expect(client("https://acme.okta.test", { proxy: "socks://x" }).organization()).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});

test.each([
  ["https://acme.okta.com", { HTTPS_PROXY: "http://p:1" }, "http://p:1/"],
  ["https://acme.okta.com", { https_proxy: "p:1" }, "http://p:1/"],
  ["https://acme.okta.com", { HTTP_PROXY: "http://p:1" }, undefined],
  ["https://acme.okta.com", { ALL_PROXY: "http://p:1" }, "http://p:1/"],
  ["https://acme.okta.com", { HTTPS_PROXY: "http://p:1", NO_PROXY: "localhost, .okta.com" }, undefined],
  ["https://acme.okta.com", { HTTPS_PROXY: "http://p:1", NO_PROXY: "okta.com:443" }, undefined],
  ["https://acme.okta.com", { HTTPS_PROXY: "http://p:1", NO_PROXY: "okta.com:8443,ta.com" }, "http://p:1/"],
  ["https://acme.okta.com", { HTTPS_PROXY: "http://p:1", no_proxy: "*" }, undefined],
  ["http://127.0.0.1:1", { HTTP_PROXY: "http://p:1" }, undefined],
])("the proxy for %s with %o", (orgUrl, env, expected) => {
  expect(chooseProxy(new URL(orgUrl), undefined, env)?.href).toBe(expected);
});
