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
    activate: { ...answers, make: (_, __, before) => ({ ...before, status: "ACTIVE" }), event: events.activate },
    deactivate: { ...answers, make: (_, __, before) => ({ ...before, status: "INACTIVE" }), event: events.deactivate },
  };
}

/** A link to the item itself, with the methods it takes (recorded traffic). */
export function selfLink({ base }: ResourceContext, path: string, allow: readonly string[]): JsonObject {
  return { self: { href: `${base}${path}`, hints: { allow } } };
}
