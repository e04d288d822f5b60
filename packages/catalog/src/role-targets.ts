import type { ColumnDefinition } from "./definition.js";
import { instant, json, paths, text } from "./columns.js";

/** Standard roles that can be limited to groups. */
export const GROUP_TARGETED_ROLES = ["USER_ADMIN", "HELP_DESK_ADMIN", "GROUP_MEMBERSHIP_ADMIN"] as const;

/** Standard roles that can be limited to applications. */
export const APP_TARGETED_ROLES = ["APP_ADMIN"] as const;

/** An application that a role is limited to: an instance, or all instances of a catalog application. */
export const APP_TARGET_COLUMNS: readonly ColumnDefinition[] = [
  // A catalog application has no id (recorded traffic); its link ends with its name.
  text("id", { name: "target_id", orLink: ["_links", "self", "href"] }),
  text("name"),
  text("displayName"),
  text("description"),
  text("status"),
  text("category"),
  text("verificationStatus"),
  text("website"),
  json("signOnModes"),
  json("features"),
  instant("lastUpdated"),
];

/** What of them has no order. */
export const APP_TARGET_SETS = paths("signOnModes", "features");
