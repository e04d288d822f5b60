import { oktaError } from "../errors.js";
import { mix } from "../generate/hash.js";
import type { JsonObject } from "../json.js";
import { groupTarget } from "../org/targets.js";
import { defineResource, type ResourceContext } from "./definition.js";

/** `2026-03-04 10:08:01.0`, as lists show it (recorded traffic). */
function listed(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}.0`;
}

/** `Wed Mar 04 10:08:01 UTC 2026`, as the answer to a POST shows it (recorded traffic). */
function written(text: string): string {
  const [weekday, day, month, year, time] = new Date(`${text.replace(" ", "T").slice(0, 19)}Z`)
    .toUTCString()
    .replace(",", "")
    .split(" ");
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}

function nameOf({ org }: ResourceContext, item: JsonObject): string | undefined {
  const id = String(item["id"]);
  if (item["type"] === "GROUP") {
    const group = org.groups.find(id);
    return group && String(group.profile["name"]);
  }
  const user = org.users.get(org.ids.decode("00u", id));
  return user && `${String(user.profile["firstName"])} ${String(user.profile["lastName"])}`;
}

function owner(item: { id: string; type: string }, at: number): JsonObject {
  return { ...item, resolved: true, originId: null, originType: "OKTA_DIRECTORY", lastUpdated: listed(at) };
}

/** Users and groups that own a group; a feature of Okta Identity Governance. */
export const groupOwners = defineResource({
  name: "group_owners",
  kind: "GroupOwner",
  path: "/api/v1/groups/{groupId}/owners",
  ancestors: { groupId: "groups" },
  scope: "okta.groups",
  feature: "governance",
  list: { page: { fallback: 1000, max: 1000 } },
  readable: false,
  stamps: null,
  present: (item, context) => nameOf(context, item) !== undefined,
  create: {
    status: 201,
    required: ["id", "type"],
    check: (body, context) => {
      if (nameOf(context, body) === undefined)
        throw oktaError("E0000007", { arg: `Resource not found: ${String(body["id"])} (${String(body["type"])})` });
    },
    make: (body, { org }) => owner({ id: String(body["id"]), type: String(body["type"]) }, org.stamp()),
    answer: (item, context) => ({
      ...item,
      displayName: nameOf(context, item),
      lastUpdated: written(String(item["lastUpdated"])),
    }),
    event: "resource.owner.update",
  },
  remove: { status: 204, event: "resource.owner.update" },
  // What the event names is not documented.
  targets: (_, { org, ancestors }) => {
    const group = org.groups.find(ancestors["groupId"] ?? "");
    return group ? [groupTarget(group)] : [];
  },
  shown: (item, context) => ({ ...item, displayName: nameOf(context, item) }),
  // A group that is made later has only the owners that it is given.
  seed: ({ org, ancestors }) => {
    const g = org.ids.decode("00g", ancestors["groupId"] ?? "");
    if ((org.groups.get(g)?.created ?? Infinity) > org.newest) return [];
    const hash = mix(org.seed, g, 504);
    if (g % 4 !== 2) return [];
    const user = owner({ id: org.users.id(hash % Math.max(1, org.generator.count)), type: "USER" }, org.newest);
    return hash % 8 === 0 ? [user, owner({ id: org.groups.id(1), type: "GROUP" }, org.newest)] : [user];
  },
});
