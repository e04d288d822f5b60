import type { JsonObject } from "../json.js";
import type { GeneratedApp } from "../generate/apps.js";
import type { GeneratedAttribute } from "../generate/attributes.js";
import type { GeneratedGroup } from "../generate/groups.js";
import type { AppStore } from "./apps.js";
import type { GroupStore } from "./groups.js";
import type { Ids } from "./ids.js";
import type { Attributes, UserType } from "./schemas.js";

/** What every generated thing needs of the org. */
interface Origin {
  readonly ids: Ids;
  readonly newest: number;
}

/** Stores the generated applications; they are few enough to be kept. */
export function storeApps(org: Origin & { readonly apps: AppStore }, apps: readonly GeneratedApp[]): void {
  for (const { stride: _stride, offset: _offset, groups: _groups, ...app } of apps) {
    const index = org.apps.newIndex();
    const id = org.ids.encode("0oa", index);
    org.apps.set(index, { index, id, ...app, custom: new Map(), schemaUpdated: app.created }, org.newest);
  }
}

/** Stores the generated groups; an APP_GROUP comes from one of the `apps` applications. */
export function storeGroups(
  org: Origin & { readonly groups: GroupStore; readonly groupSchema: { readonly custom: Attributes } },
  groups: readonly GeneratedGroup[],
  apps: number,
): void {
  for (const group of groups) {
    const index = org.groups.newIndex();
    const imported = group.type === "APP_GROUP";
    org.groups.set(
      index,
      {
        index,
        id: org.ids.encode("00g", index),
        type: group.type,
        objectClass: imported ? "okta:windows_security_principal" : "okta:user_group",
        created: group.created,
        lastUpdated: group.lastUpdated,
        lastMembershipUpdated: group.lastMembershipUpdated,
        profile: {
          name: group.name,
          description: group.description,
          ...(imported || org.groupSchema.custom.size > 0 ? group.custom : {}),
        },
        ...(imported && apps > 0 ? { sourceAppId: org.ids.encode("0oa", index % apps) } : {}),
      },
      org.newest,
    );
  }
}

const attribute = (title: string, type: string, more: JsonObject = {}): JsonObject => ({
  title,
  type,
  mutability: "READ_WRITE",
  scope: "NONE",
  ...more,
  permissions: [{ principal: "SELF", action: "READ_ONLY" }],
  master: { type: "PROFILE_MASTER" },
});

/** The custom attributes of the generated groups. */
export const GROUP_CUSTOM: Attributes = new Map([
  ["costCentre", attribute("Cost centre", "string")],
  ["headcountPlan", attribute("Planned head count", "integer")],
  ["sensitive", attribute("Sensitive", "boolean")],
  ["stewards", attribute("Stewards", "array", { items: { type: "string" } })],
]);

/** The default type, with every custom attribute, and two more with a part of them. */
export function generatedTypes(org: Origin & { readonly attributes: readonly GeneratedAttribute[] }): UserType[] {
  const created = org.newest - 900 * 86_400_000;
  const by = org.ids.encode("00u", 0);
  return (
    [
      ["user", "User", "Okta user profile template with default permission settings"],
      ["contractor", "Contractor", "People of other companies"],
      ["servicePartner", "Service partner", ""],
    ] as const
  ).map(([name, displayName, description], n) => {
    const generated = org.attributes.filter((_, k) => n === 0 || k % (n + 1) === 0);
    return {
      id: org.ids.encode("oty", n),
      schemaId: org.ids.encode("osc", n),
      name,
      displayName,
      description,
      isDefault: n === 0,
      created,
      lastUpdated: created,
      createdBy: by,
      lastUpdatedBy: by,
      schemaUpdated: org.newest,
      custom: new Map(generated.map((a) => [a.name, a.schema])),
      base: new Map(),
      generated,
    };
  });
}
