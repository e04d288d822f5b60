import { instant, type JsonObject, objectAt } from "../json.js";
import type { Ids } from "./ids.js";
import { type Attributes, schemaJson } from "./schemas.js";
import { VersionedMap } from "./versioned.js";

/** An application. Never changed in place. */
export interface App {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: "ACTIVE" | "INACTIVE";
  readonly created: number;
  readonly lastUpdated: number;
  readonly signOnMode: string | null;
  /** accessibility, visibility, features, credentials, settings …: whatever else the payload has. */
  readonly body: JsonObject;
  /** Custom attributes of its application users' schema. */
  readonly custom: Attributes;
  readonly schemaUpdated: number;
}

/** All applications by number. */
export class AppStore {
  readonly #ids: Ids;
  readonly #apps: VersionedMap<App>;
  #next = 0;

  constructor(ids: Ids, keepMs: number) {
    this.#ids = ids;
    this.#apps = new VersionedMap(keepMs);
  }

  newIndex(): number {
    return this.#next++;
  }

  get(a: number, at?: number): App | undefined {
    return this.#apps.get(a, at) ?? undefined;
  }

  find(id: string): App | undefined {
    return this.get(this.#ids.decode("0oa", id));
  }

  set(a: number, app: App | null, now: number): void {
    this.#apps.set(a, app, now);
  }

  *all(at?: number, after = -1): Generator<App> {
    for (let a = after + 1; a < this.#next; a++) {
      const app = this.get(a, at);
      if (app) yield app;
    }
  }
}

/** The org as far as it names its resources. */
interface Naming {
  orn(service: string, resource: string): string;
}

/** An application, the same in lists and alone; OIDC secrets only in the answers to writes (recorded traffic). */
export function appJson(app: App, of: { org: Naming; base: string }, secret?: string): JsonObject {
  const { org, base } = of;
  const href = `${base}/api/v1/apps/${app.id}`;
  const { accessibility, licensing, visibility, features, credentials, ...rest } = app.body;
  const link = Object.keys(objectAt(visibility, "appLinks"))[0] ?? "login";
  const oauthClient = objectAt(credentials, "oauthClient");
  return {
    id: app.id,
    orn: org.orn("idp", `apps:${app.name}:${app.id}`),
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: instant(app.lastUpdated),
    created: instant(app.created),
    accessibility,
    ...(licensing === undefined ? {} : { licensing }),
    visibility,
    features,
    signOnMode: app.signOnMode,
    credentials:
      app.signOnMode === "OPENID_CONNECT"
        ? {
            ...objectAt({ credentials }, "credentials"),
            oauthClient: {
              ...oauthClient,
              client_id: oauthClient["client_id"] || app.id,
              ...(secret ? { client_secret: secret } : {}),
            },
          }
        : credentials,
    ...rest,
    _links: {
      ...(app.signOnMode === "SAML_2_0"
        ? { metadata: { href: `${href}/sso/saml/metadata`, type: "application/xml" } }
        : {}),
      uploadLogo: { href: `${href}/logo`, hints: { allow: ["POST"] } },
      appLinks: [{ name: link, href: `${base}/home/${app.name}/${app.id}/aln${app.id.slice(3)}`, type: "text/html" }],
      policies: { href: `${href}/policies`, hints: { allow: ["PUT"] } },
      groups: { href: `${href}/groups` },
      logo: [{ name: "medium", href: "https://static.example.com/assets/img/logos/default.png", type: "image/png" }],
      users: { href: `${href}/users` },
      ...(app.status === "ACTIVE"
        ? { deactivate: { href: `${href}/lifecycle/deactivate` } }
        : { activate: { href: `${href}/lifecycle/activate` } }),
    },
  };
}

const text = (title: string, more: JsonObject = {}): JsonObject => ({ title, type: "string", ...more, scope: "NONE" });

/** Base attributes of an application user: the OIDC claims, or the user name alone (recorded traffic). */
function appUserBase(app: App): Attributes {
  const userName = ["userName", text("Username", { required: true, maxLength: 100 })] as const;
  if (app.signOnMode !== "OPENID_CONNECT") return new Map([userName]);
  return new Map([
    userName,
    ...OIDC_CLAIMS.map(
      (name) => [name, text(name.replace(/_/g, " "), name === "name" ? { required: true } : {})] as const,
    ),
  ]);
}

export const OIDC_CLAIMS = [
  "name",
  "nickname",
  "given_name",
  "middle_name",
  "family_name",
  "email",
  "profile",
  "picture",
  "website",
  "gender",
  "birthdate",
  "zoneinfo",
  "locale",
  "phone_number",
  "street_address",
  "locality",
  "region",
  "postal_code",
  "country",
  "formatted",
] as const;

export function appSchemaJson(app: App, base: string): JsonObject {
  return schemaJson({
    id: `${base}/meta/schemas/apps/${app.id}/default`,
    name: app.name,
    title: `${app.label} User`,
    created: app.created,
    lastUpdated: app.schemaUpdated,
    base: appUserBase(app),
    custom: app.custom,
  });
}
