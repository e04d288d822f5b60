import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import tls from "node:tls";
import { messageOf, TerminalError } from "@tidemark/kernel";
import { chooseProxy } from "./proxy.js";

/** Where requests go and how. */
export interface ConnectionOptions {
  readonly orgUrl: string;
  readonly proxy: string | undefined;
  readonly caFile: string | undefined;
  readonly maxConcurrency: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Kept below the idle time of common load balancers, so that a reused connection is seldom a dead one. */
const IDLE_MS = 30_000;

/** Options for http(s).request. */
export interface Connections {
  readonly agent: http.Agent;
  /** Stands beside the agent, because the proxy's agent takes it from the request alone. */
  readonly secureContext?: tls.SecureContext;
}

/** Kept-alive connections, through the proxy if there is one, trusting the private CA besides the public ones. */
export async function openConnections(options: ConnectionOptions): Promise<Connections> {
  const org = new URL(options.orgUrl);
  const secureContext = options.caFile === undefined ? undefined : await trusting(options.caFile, options.env);
  const proxy = chooseProxy(org, options.proxy, options.env);
  const common = {
    keepAlive: true,
    keepAliveMsecs: IDLE_MS,
    scheduling: "lifo" as const,
    maxSockets: options.maxConcurrency,
  };
  let agent: http.Agent;
  if (proxy) {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    agent = new HttpsProxyAgent(proxy, common);
  } else agent = org.protocol === "https:" ? new https.Agent(common) : new http.Agent(common);
  return secureContext ? { agent, secureContext } : { agent };
}

async function trusting(caFile: string, env: ConnectionOptions["env"]): Promise<tls.SecureContext> {
  // Naming CAs replaces the defaults, those of NODE_EXTRA_CA_CERTS included.
  const extra = env["NODE_EXTRA_CA_CERTS"];
  const more = extra === undefined || extra === "" ? [] : [await readFile(extra, "utf8").catch(() => "")];
  try {
    const pem = await readFile(caFile, "utf8");
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no PEM certificate");
    return tls.createSecureContext({ ca: [...tls.rootCertificates, ...more.filter(Boolean), pem] });
  } catch (error) {
    throw new TerminalError("CONFIG_INVALID", `caFile ${caFile} cannot be used: ${messageOf(error)}`, {
      where: "caFile",
      remedy: "Name a file with one or more PEM certificates",
    });
  }
}
