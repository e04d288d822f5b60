import { mix, pick } from "./hash.js";
import { CITIES, DEPARTMENTS } from "./names.js";

const DAY = 86_400_000;

/** A generated group and who is in it: the users whose number is `offset` modulo `stride`. */
export interface GeneratedGroup {
  readonly name: string;
  readonly description: string;
  readonly type: "BUILT_IN" | "OKTA_GROUP" | "APP_GROUP";
  readonly created: number;
  readonly lastUpdated: number;
  readonly lastMembershipUpdated: number;
  readonly stride: number;
  readonly offset: number;
  /** Values of the generated custom group attributes. */
  readonly custom: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** What to generate. */
export interface GroupPlan {
  readonly seed: number;
  readonly users: number;
  readonly count: number;
  /** Every instant lies before this one. */
  readonly newest: number;
}

/** Group 0 is the built-in Everyone; sizes of the others fall off like in real orgs, some are empty. */
export function generateGroups(plan: GroupPlan): GeneratedGroup[] {
  const groups: GeneratedGroup[] = [];
  for (let g = 0; g < plan.count; g++) {
    const hash = mix(plan.seed, g, 200);
    const created = second(plan.newest - 30 * DAY - (hash % 1200) * DAY - (mix(plan.seed, g, 201) % DAY));
    const moved = (k: number): number =>
      second(created + (plan.newest - created) * (mix(plan.seed, g, k) / 0x1_0000_0000));
    if (g === 0) {
      const lastMembershipUpdated = second(plan.newest - 1000);
      groups.push({
        name: "Everyone",
        description: "All users in your organization",
        type: "BUILT_IN",
        created,
        lastUpdated: created,
        lastMembershipUpdated,
        stride: 1,
        offset: 0,
        custom: {},
      });
      continue;
    }
    const size = g % 17 === 0 ? 0 : Math.max(1, Math.round((plan.users * 0.25) / g ** 0.8));
    const stride = size === 0 ? plan.users + 1 : Math.max(1, Math.floor(plan.users / size));
    const city = pick(CITIES, hash >>> 3)[0];
    groups.push({
      name: `${pick(DEPARTMENTS, hash)} ${city} ${g}`,
      description: hash % 3 === 0 ? "" : `Members of ${pick(DEPARTMENTS, hash)} in ${city}`,
      type: g % 9 === 4 ? "APP_GROUP" : "OKTA_GROUP",
      created,
      lastUpdated: moved(202),
      lastMembershipUpdated: moved(203),
      stride,
      offset: size === 0 ? plan.users : mix(plan.seed, g, 204) % stride,
      custom:
        g % 9 === 4
          ? directoryProfile(g)
          : hash % 4 === 0
            ? {}
            : {
                costCentre: `CC-${hash % 400}`,
                headcountPlan: hash % 500,
                sensitive: hash % 5 === 0,
                ...(hash % 2 === 0 ? { stewards: [`steward${hash % 50}@example.com`] } : {}),
              },
    });
  }
  return groups;
}

/** What a group from Active Directory has in its profile (OpenAPI spec, okta:windows_security_principal). */
function directoryProfile(g: number): Record<string, string> {
  return {
    dn: `CN=group-${g},OU=Groups,DC=corp,DC=example,DC=com`,
    externalId: `ext-${g}`,
    samAccountName: `group-${g}`,
    windowsDomainQualifiedName: `CORP\\group-${g}`,
  };
}

function second(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
