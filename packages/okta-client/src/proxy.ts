import { isLoopback, TerminalError } from "@tidemark/kernel";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an org: the option (an empty one means none), else HTTPS_PROXY or HTTP_PROXY by the org's scheme and
 * ALL_PROXY, in either case of letters, unless NO_PROXY names the host. Loopback addresses need the option.
 */
export function chooseProxy(org: URL, option: string | undefined, env: Env): URL | null {
  if (option !== undefined) return option === "" ? null : parseProxy(option, "proxy");
  if (isLoopback(org.hostname)) return null;
  const [name, value] = fromEnv(env, org.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (value === undefined || bypasses(org, fromEnv(env, "NO_PROXY")[1] ?? "")) return null;
  return parseProxy(value, name);
}

function fromEnv(env: Env, name: string): [name: string, value: string | undefined] {
  for (const candidate of [name.toLowerCase(), name]) {
    const value = env[candidate];
    if (value !== undefined && value !== "") return [candidate, value];
  }
  return name === "NO_PROXY" || name === "ALL_PROXY" ? [name, undefined] : fromEnv(env, "ALL_PROXY");
}

function bypasses(org: URL, list: string): boolean {
  const port = org.port || (org.protocol === "https:" ? "443" : "80");
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const [, host = "", entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (entryPort !== undefined && entryPort !== port) return false;
    const domain = host.replace(/^\*?\./, "");
    return org.hostname === domain || org.hostname.endsWith(`.${domain}`);
  });
}

function parseProxy(text: string, where: string): URL {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(url)) {
    const parsed = new URL(url);
    if (parsed.protocol === "http:" || parsed.protocol === "https:") return parsed;
  }
  throw new TerminalError("CONFIG_INVALID", "the proxy's address is not an http or https URL", {
    where,
    remedy: "Write it as http://proxy.example.com:3128",
  });
}
