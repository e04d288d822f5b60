import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { OktaError, oktaError } from "./errors.js";
import type { Context, Reply } from "./http.js";
import type { Org } from "./org/org.js";
import { RequestLog } from "./requests.js";
import { Router } from "./router.js";
import { groupReads } from "./routes/groups.js";
import { userReads } from "./routes/users.js";

/** What the server is made of. */
export interface ServerParts {
  readonly org: Org;
  readonly token: string;
  readonly latencyMs: number;
}

/** The org behind HTTP. */
export class OktaServer {
  readonly requests = new RequestLog();
  readonly #parts: ServerParts;
  readonly #router = new Router();
  readonly #http: Server;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    userReads(this.#router);
    groupReads(this.#router);
    this.#http = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#http.keepAliveTimeout = 65_000;
  }

  /** Listens on the loopback address; resolves to the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(port, "127.0.0.1", () => {
        const address = this.#http.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { org } = this.#parts;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.#parts.latencyMs > 0) await org.clock.sleep(this.#parts.latencyMs);
    const base = `http://${request.headers.host ?? "127.0.0.1"}`;
    const url = new URL(request.url ?? "/", base);
    const method = request.method ?? "GET";
    this.requests.add(method, url.pathname);
    let reply: Reply;
    try {
      org.tick();
      if (request.headers.authorization !== `SSWS ${this.#parts.token}`) throw oktaError("E0000011");
      const { handler, params } = this.#router.find(method, url.pathname);
      const context: Context = {
        org, base, method, params,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        bodyText: Buffer.concat(chunks).toString("utf8"),
        principal: { kind: "ssws", id: "00T", tokenId: "00T", userId: org.users.id(0) },
        sees: () => true,
      };
      reply = handler(context);
    } catch (error) {
      if (!(error instanceof OktaError)) throw error;
      reply = { status: error.status, json: JSON.stringify(error.body), ...(error.headers ? { headers: error.headers } : {}) };
    }
    const body = reply.json === undefined ? undefined : Buffer.from(reply.json);
    response.writeHead(reply.status, {
      ...(body ? { "content-type": "application/json", "content-length": body.length } : {}),
      date: new Date(org.now()).toUTCString(),
      ...reply.headers,
    });
    response.end(body);
  }
}
