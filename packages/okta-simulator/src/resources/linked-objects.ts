import { oktaError } from "../errors.js";
import { mix } from "../generate/hash.js";
import { type JsonObject, objectAt } from "../json.js";
import { defineResource, type Resources } from "./definition.js";

const side = (name: string, title: string): JsonObject => ({
  name,
  title,
  description: `${title} of a user`,
  type: "USER",
});

function nameIn(item: JsonObject, end: "primary" | "associated"): string {
  return String(objectAt(item, end)["name"]);
}

/** Kinds of links between users. Either name addresses one. */
export const linkedObjectDefinitions = defineResource({
  name: "linked_object_definitions",
  kind: "LinkedObject",
  path: "/api/v1/meta/schemas/user/linkedObjects",
  scope: "okta.linkedObjects",
  idOf: (item) => nameIn(item, "primary"),
  alsoCalled: (item) => [nameIn(item, "associated")],
  stamps: null,
  create: {
    status: 201,
    required: ["primary.name", "primary.title", "associated.name", "associated.title"],
    check: (body, { resources }) => {
      const names = [nameIn(body, "primary"), nameIn(body, "associated")];
      const taken = resources
        .list(linkedObjectDefinitions, {})
        .some((one) => names.includes(nameIn(one, "primary")) || names.includes(nameIn(one, "associated")));
      if (taken || names[0] === names[1]) throw oktaError("E0000127", { arg: "The name is in use." });
    },
    event: "directory.linked_object.create",
  },
  remove: { status: 204, event: "directory.linked_object.delete" },
  // What these events name is not documented.
  targets: (item) => [{ id: nameIn(item, "primary"), type: "LinkedObject" }],
  shown: (item, { base }) => ({
    ...item,
    _links: { self: { href: `${base}/api/v1/meta/schemas/user/linkedObjects/${nameIn(item, "primary")}` } },
  }),
  seed: () => [
    { primary: side("manager", "Manager"), associated: side("subordinate", "Subordinate") },
    { primary: side("mentor", "Mentor"), associated: side("mentee", "Mentee") },
  ],
});

/** Who is whose primary. Only the routes beside show them: every read of Okta's is by a relationship's name. */
export const linkedObjects = defineResource({
  name: "linked_objects",
  kind: "LinkedObject",
  path: "/api/v1/users/{userId}/linkedObjects",
  ancestors: { userId: "users" },
  scope: "okta.users",
  idOf: (item) => String(item["primaryName"]),
  stamps: null,
  list: null,
  readable: false,
  present: (item, { org, resources }) =>
    org.users.exists(org.ids.decode("00u", String(item["primaryUserId"]))) &&
    resources.find(linkedObjectDefinitions, {}, String(item["primaryName"])) !== undefined,
  // No event is documented for a link.
  create: { byHttp: false, status: 204, event: null },
  seed: ({ org, ancestors }) => {
    const u = org.ids.decode("00u", ancestors["userId"] ?? "");
    const hash = mix(org.seed, u, 503);
    if (u < 1 || u >= org.generator.count || hash % 4 !== 0) return [];
    const manager = { primaryName: "manager", primaryUserId: org.users.id(Math.floor(u / 10)) };
    const mentor = { primaryName: "mentor", primaryUserId: org.users.id(u - 1) };
    return hash % 8 === 0 ? [manager, mentor] : [manager];
  },
});

/** A definition, and which of its ends a name is. */
export function relationship(store: Resources, name: string): { primaryName: string; end: "primary" | "associated" } {
  const definition = store.get(linkedObjectDefinitions, {}, name);
  const primaryName = nameIn(definition, "primary");
  return { primaryName, end: primaryName === name ? "primary" : "associated" };
}

/** Ids of the users at the other end of a relationship. */
export function linkedUsers(store: Resources, userId: string, name: string): string[] {
  const { primaryName, end } = relationship(store, name);
  if (end === "primary") {
    const link = store.find(linkedObjects, { userId }, primaryName);
    return link ? [String(link["primaryUserId"])] : [];
  }
  return [...store.ancestorsOf(linkedObjects)].flatMap((ancestors) => {
    const link = store.find(linkedObjects, ancestors, primaryName);
    return link?.["primaryUserId"] === userId ? [ancestors["userId"] ?? ""] : [];
  });
}
