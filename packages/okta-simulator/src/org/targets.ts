import type { App } from "./apps.js";
import type { Group } from "./groups.js";
import type { Target } from "./log-events.js";
import type { Org } from "./org.js";
import type { User } from "./users.js";

export function userTarget(user: User): Target {
  const name = `${String(user.profile["firstName"] ?? "")} ${String(user.profile["lastName"] ?? "")}`.trim();
  return { id: user.id, type: "User", alternateId: String(user.profile["login"] ?? "unknown"), displayName: name };
}

/** Groups have no alternate id in the log (recorded events). */
export function groupTarget(group: Group): Target {
  return { id: group.id, type: "UserGroup", displayName: String(group.profile["name"] ?? "unknown") };
}

export function appTarget(app: App): Target {
  return { id: app.id, type: "AppInstance", alternateId: app.label, displayName: app.name };
}

/** The log knows an assignment by an id of its own (0ua…), which no API answers (recorded events). */
export function appUserTarget(org: Org, app: App, user: User): Target {
  return {
    id: `0ua${org.ids.encode("x", app.index).slice(6, 11)}${org.ids.encode("00u", user.index).slice(3, 15)}`,
    type: "AppUser",
    alternateId: String(user.profile["login"] ?? "unknown"),
    displayName: userTarget(user).displayName ?? "unknown",
  };
}
