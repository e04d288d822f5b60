import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, TerminalError } from "@tidemark/kernel";
import type { OktaAuth } from "./types.js";

/** How one reaches an org; names as in `tidemark.yaml`. */
export interface OktaSettings {
  readonly orgUrl?: string;
  readonly token?: string;
  readonly clientId?: string;
  readonly privateKey?: string;
  readonly keyId?: string;
  readonly scopes?: readonly string[];
}

/** What {@link resolveOktaSettings} found. */
export interface ResolvedOktaSettings {
  readonly settings: OktaSettings;
  /** Where each value came from: `configuration`, an environment variable's name, or a file. */
  readonly sources: Readonly<Partial<Record<keyof OktaSettings, string>>>;
  /** Credentials ready for createOktaClient; null while something is missing. */
  readonly auth: OktaAuth | null;
  /** Settings that nobody gave and that are needed. */
  readonly missing: readonly (keyof OktaSettings)[];
}

/** Where {@link resolveOktaSettings} looks. */
export interface SettingsPlaces {
  /** What the configuration says; always wins. */
  readonly explicit?: OktaSettings;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly cwd: string;
}

interface Source {
  readonly name: (key: keyof OktaSettings) => string;
  readonly values: OktaSettings;
  readonly mode: "ssws" | "privateKey" | undefined;
}

const CREDENTIALS = ["clientId", "privateKey", "keyId", "scopes"] as const;

/**
 * Fills what the configuration leaves out as Okta's SDKs do: OKTA_CLIENT_… variables, then `okta.yaml` here, then
 * `~/.okta/okta.yaml`. Which kind of credentials counts is decided once, by the first place that names one: an API token
 * of one place is never mixed with a service app of another. Throws CONFIG_SYNTAX for a file that is not YAML.
 */
export async function resolveOktaSettings(places: SettingsPlaces): Promise<ResolvedOktaSettings> {
  const sources: Source[] = [
    { name: () => "configuration", values: places.explicit ?? {}, mode: undefined },
    fromEnv(places.env ?? process.env),
    await fromFile(join(places.cwd, "okta.yaml")),
    await fromFile(join(places.homeDir, ".okta", "okta.yaml")),
  ];
  const kind = sources.map(kindOf).find((found) => found !== undefined);
  const wanted: (keyof OktaSettings)[] = ["orgUrl", ...(kind === "privateKey" ? CREDENTIALS : (["token"] as const))];
  const found = new Map<keyof OktaSettings, { value: unknown; from: string }>();
  for (const key of wanted) {
    const source = sources.find(({ values }) => values[key] !== undefined);
    if (source) found.set(key, { value: source.values[key], from: source.name(key) });
  }
  const settings = Object.fromEntries([...found].map(([key, { value }]) => [key, value])) as OktaSettings;
  const missing = wanted.filter((key) => key !== "keyId" && settings[key] === undefined);
  return {
    settings,
    sources: Object.fromEntries([...found].map(([key, { from }]) => [key, from])),
    auth: missing.some((key) => key !== "orgUrl") ? null : authOf(settings),
    missing,
  };
}

function kindOf(source: Source): "ssws" | "privateKey" | undefined {
  const { token, clientId } = source.values;
  if (source.mode !== undefined && (source.mode === "ssws" ? token : clientId) !== undefined) return source.mode;
  if (token !== undefined) return "ssws";
  return clientId === undefined ? undefined : "privateKey";
}

function authOf(settings: OktaSettings): OktaAuth | null {
  const { token, clientId, privateKey, keyId, scopes } = settings;
  if (token !== undefined) return { kind: "ssws", token };
  if (clientId === undefined || privateKey === undefined || scopes === undefined) return null;
  return { kind: "privateKey", clientId, privateKey, scopes, ...(keyId === undefined ? {} : { keyId }) };
}

function fromEnv(env: Readonly<Record<string, string | undefined>>): Source {
  const name = (key: string): string => `OKTA_CLIENT_${key.toUpperCase()}`;
  return { name, ...pick((key) => env[name(key)]) };
}

async function fromFile(path: string): Promise<Source> {
  const none: Source = { name: () => path, values: {}, mode: undefined };
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return none;
    throw new TerminalError("CONFIG_INVALID", `${path} cannot be read: ${messageOf(error)}`, { where: path });
  }
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { logLevel: "silent" });
  const fault = document.errors[0];
  if (fault) {
    // The parser's message may quote the line, and the line may hold the token.
    const place = fault.linePos?.[0];
    throw new TerminalError("CONFIG_SYNTAX", `${path} is not YAML (${fault.code})`, {
      where: place ? `${path}:${place.line}:${place.col}` : path,
    });
  }
  const { okta } = (document.toJS() ?? {}) as { okta?: { client?: Record<string, unknown> } | null };
  return { ...none, ...pick((key) => okta?.client?.[key]) };
}

function pick(get: (key: string) => unknown): Pick<Source, "values" | "mode"> {
  const entries: [string, unknown][] = [];
  for (const key of ["orgUrl", "token", "clientId", "privateKey", "keyId"]) {
    const value = get(key);
    // A JWK may stand in YAML as a map.
    const text =
      typeof value === "object" && value !== null
        ? JSON.stringify(value)
        : typeof value === "string"
          ? value.trim()
          : undefined;
    if (text) entries.push([key, text]);
  }
  const scopes = get("scopes");
  const list = Array.isArray(scopes)
    ? scopes.map(String)
    : typeof scopes === "string"
      ? scopes.split(/[\s,]+/).filter(Boolean)
      : [];
  if (list.length > 0) entries.push(["scopes", list]);
  const mode = String(get("authorizationMode") ?? "").toLowerCase();
  return {
    values: Object.fromEntries(entries) as OktaSettings,
    mode: mode === "privatekey" ? "privateKey" : mode === "ssws" ? "ssws" : undefined,
  };
}
