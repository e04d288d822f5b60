import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createOktaClient, type OktaClient, type OktaClientOptions } from "../index.js";

/** A request as a handler sees it. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers one request. */
export type Handler = (request: Seen, response: ServerResponse) => void | Promise<void>;

/** A loopback server and a client for it; `seen` lists what came in. */
export interface Served {
  readonly client: OktaClient;
  readonly url: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export const TOKEN = "00QsecretsecretsecretsecretsecretsecretSEC";

export async function serve(handler: Handler, options: Partial<OktaClientOptions> = {}): Promise<Served> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", headers } = request;
      const one: Seen = {
        method,
        headers,
        url: new URL(request.url ?? "", "http://server"),
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(one);
      void handler(one, response);
    });
  });
  const url = await listen(server);
  const client = createOktaClient({ orgUrl: url, auth: { kind: "ssws", token: TOKEN }, ...options });
  return {
    client,
    url,
    seen,
    async close() {
      await client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function json(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string | string[]> = {},
  status = 200,
): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Okta's error body. */
export function oktaError(
  response: ServerResponse,
  status: number,
  errorCode: string,
  more: { summary?: string; headers?: Record<string, string> } = {},
): void {
  const body = {
    errorCode,
    errorSummary: more.summary ?? `summary of ${errorCode}`,
    errorLink: errorCode,
    errorId: "oaeTest",
    errorCauses: [],
  };
  json(response, body, { "X-Okta-Request-Id": "reqTest", ...more.headers }, status);
}
