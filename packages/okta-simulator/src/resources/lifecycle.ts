import type { JsonObject } from "../json.js";
import type { ResourceAction, ResourceContext } from "./definition.js";

/** `activate` and `deactivate`, as most things with a status have them. */
export function lifecycle(events: {
  readonly activate: string | null;
  readonly deactivate: string | null;
  /** Default 200 with the whole object. */
  readonly answers?: Pick<ResourceAction, "status" | "answer">;
}): Readonly<Record<string, ResourceAction>> {
  const { answers = { status: 200 } } = events;
  return {
    activate: { ...answers, make: setStatus("ACTIVE"), event: events.activate },
    deactivate: { ...answers, make: setStatus("INACTIVE"), event: events.deactivate },
  };
}

/** A change of status and no more. */
export function setStatus(status: string): NonNullable<ResourceAction["make"]> {
  return (_, __, before) => ({ ...before, status });
}

/** `{ href, hints }` as Okta's links have it. */
export function link(href: string, ...allow: readonly string[]): JsonObject {
  return { href, hints: { allow } };
}

/** The lifecycle link that fits the item's status. */
export function lifecycleLink(item: JsonObject, href: string): JsonObject {
  const verb = item["status"] === "ACTIVE" ? "deactivate" : "activate";
  return { [verb]: link(`${href}/lifecycle/${verb}`, "POST") };
}

/** A link to the item itself, with the methods it takes (recorded traffic). */
export function selfLink({ base }: ResourceContext, path: string, allow: readonly string[]): JsonObject {
  return { self: link(`${base}${path}`, ...allow) };
}
