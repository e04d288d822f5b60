import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createOktaClient, type OktaClient, type OktaClientOptions } from "./index.js";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serve(
  handler: Handler,
  options: Partial<OktaClientOptions> = {},
): Promise<{ client: OktaClient; url: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createOktaClient({ orgUrl: url, auth: { kind: "ssws", token: "00secretsecret" }, ...options });
  open.push(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { client, url };
}

function json(response: ServerResponse, body: unknown, headers: Record<string, string | string[]> = {}): void {
  response.writeHead(200, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

test("follows next links over an empty page, with the token, and tells Okta's clock", async () => {
  const seen: (string | undefined)[] = [];
  const { client, url } = await serve((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    const at = Number(new URL(request.url ?? "", "http://x").searchParams.get("after") ?? 0);
    const link =
      at < 2
        ? [
            `<${url}/api/v1/users?after=${at}>; rel="self"`,
            `<https://acme-admin.okta.com/api/v1/users?after=${at + 1}&limit=2>; rel="next"`,
          ]
        : [];
    json(response, at === 1 ? [] : [{ id: at }], { Link: link, Date: "Tue, 03 Mar 2026 10:00:00 GMT" });
  });
  const items: unknown[] = [];
  for await (const page of client.pages("/api/v1/users", { query: { limit: 2 } })) items.push(...page.items);
  expect(items).toEqual([{ id: 0 }, { id: 2 }]);
  expect(seen).toEqual([
    "/api/v1/users?limit=2 SSWS 00secretsecret",
    "/api/v1/users?after=1&limit=2 SSWS 00secretsecret",
    "/api/v1/users?after=2&limit=2 SSWS 00secretsecret",
  ]);
  expect(client.stats.requests).toBe(3);
  expect(client.now() - Date.UTC(2026, 2, 3, 10)).toBeLessThan(5_000);
});
