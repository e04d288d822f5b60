import { instant, type JsonObject } from "../json.js";
import type { Ids } from "./ids.js";
import { VersionedMap } from "./versioned.js";

/** A group. Never changed in place. */
export interface Group {
  readonly index: number;
  readonly id: string;
  readonly type: "BUILT_IN" | "OKTA_GROUP" | "APP_GROUP";
  readonly objectClass: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly lastMembershipUpdated: number;
  readonly profile: JsonObject;
  /** The application an APP_GROUP comes from. */
  readonly sourceAppId?: string;
}

/** All groups by number; number 0 is Everyone. */
export class GroupStore {
  readonly #ids: Ids;
  readonly #groups: VersionedMap<Group>;
  #next = 0;

  constructor(ids: Ids, keepMs: number) {
    this.#ids = ids;
    this.#groups = new VersionedMap(keepMs);
  }

  get end(): number {
    return this.#next;
  }

  id(g: number): string {
    return this.#ids.encode("00g", g);
  }

  newIndex(): number {
    return this.#next++;
  }

  get(g: number, at?: number): Group | undefined {
    return this.#groups.get(g, at) ?? undefined;
  }

  find(id: string): Group | undefined {
    return this.get(this.#ids.decode("00g", id));
  }

  set(g: number, group: Group | null, now: number): void {
    this.#groups.set(g, group, now);
  }

  *all(at?: number, after = -1): Generator<Group> {
    for (let g = after + 1; g < this.#next; g++) {
      const group = this.get(g, at);
      if (group) yield group;
    }
  }
}

const LOGO = [
  { name: "medium", href: "https://static.example.com/assets/img/logos/groups/okta-medium.png", type: "image/png" },
  { name: "large", href: "https://static.example.com/assets/img/logos/groups/okta-large.png", type: "image/png" },
];

/** A group, the same in lists and alone (recorded traffic; `_links.source` of an APP_GROUP: Okta docs). */
export function groupJson(group: Group, base: string): JsonObject {
  const href = `${base}/api/v1/groups/${group.id}`;
  return {
    id: group.id,
    created: instant(group.created),
    lastUpdated: instant(group.lastUpdated),
    lastMembershipUpdated: instant(group.lastMembershipUpdated),
    objectClass: [group.objectClass],
    type: group.type,
    profile: group.profile,
    ...(group.sourceAppId ? { source: { id: group.sourceAppId } } : {}),
    _links: {
      logo: LOGO,
      ...(group.sourceAppId ? { source: { href: `${base}/api/v1/apps/${group.sourceAppId}` } } : {}),
      ...(group.type === "BUILT_IN" ? {} : { owners: { href: `${href}/owners` } }),
      users: { href: `${href}/users` },
      apps: { href: `${href}/apps` },
    },
  };
}
