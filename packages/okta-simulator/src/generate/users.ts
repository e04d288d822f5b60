import type { GeneratedAttribute } from "./attributes.js";
import { mix, pick } from "./hash.js";
import { asciiOf, CITIES, DEPARTMENTS, FIRST_NAMES, LAST_NAMES, TITLES } from "./names.js";

const DAY = 86_400_000;

/** The statuses of a user (OpenAPI spec). */
export const USER_STATUSES = [
  "STAGED",
  "PROVISIONED",
  "ACTIVE",
  "RECOVERY",
  "PASSWORD_EXPIRED",
  "LOCKED_OUT",
  "SUSPENDED",
  "DEPROVISIONED",
] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** How the statuses are spread, in thousandths, in ascending order of the bound. */
const SPREAD: readonly (readonly [below: number, status: UserStatus])[] = [
  [810, "ACTIVE"],
  [850, "PROVISIONED"],
  [885, "STAGED"],
  [905, "SUSPENDED"],
  [915, "PASSWORD_EXPIRED"],
  [922, "LOCKED_OUT"],
  [930, "RECOVERY"],
  [1000, "DEPROVISIONED"],
];

/** The instants of a user, in milliseconds, whole seconds as Okta keeps them (recorded traffic). */
export interface UserTimes {
  readonly created: number;
  readonly activated: number | null;
  readonly statusChanged: number | null;
  readonly lastLogin: number | null;
  readonly lastUpdated: number;
  readonly passwordChanged: number | null;
}

interface Person {
  readonly first: string;
  readonly last: string;
  readonly local: string;
}

const FIRST = FIRST_NAMES.map((name) => ({ json: JSON.stringify(name), ascii: asciiOf(name) }));
const LAST = LAST_NAMES.map((name) => ({ json: JSON.stringify(name), ascii: asciiOf(name) }));
const CITY = CITIES.map(([city, country, zone, locale]) => ({ city: JSON.stringify(city), country, zone, locale }));

/** The generated users: everything about user `i` is computed from `i`; nothing is kept. */
export interface UserGenerator {
  readonly count: number;
  status(i: number): UserStatus;
  /** 0 = the default user type. */
  type(i: number): number;
  times(i: number): UserTimes;
  login(i: number): string;
  /** The number of the user with this login, or -1; `login` in lower case. */
  find(login: string): number;
  /** The inside of the profile object, without braces; `custom` in schema order. */
  profileJson(i: number, custom: readonly GeneratedAttribute[]): string;
  /** The few attributes that the default application mappings read. */
  person(i: number): Readonly<Record<string, string>>;
  hasPassword(i: number): boolean;
}

/** Generates `count` users whose newest change is before `newest` (milliseconds). User 0 is an active administrator. */
export function generateUsers(seed: number, count: number, newest: number): UserGenerator {
  const person = (i: number): Person => {
    const first = pick(FIRST, mix(seed, i, 1));
    const last = pick(LAST, mix(seed, i, 2));
    return { first: first.json, last: last.json, local: `${first.ascii}.${last.ascii}.${i}` };
  };
  const status = (i: number): UserStatus => {
    if (i === 0) return "ACTIVE";
    const thousandth = mix(seed, i, 3) % 1000;
    for (const [below, name] of SPREAD) if (thousandth < below) return name;
    return "ACTIVE";
  };
  const hasPassword = (i: number): boolean => {
    const s = status(i);
    return s !== "STAGED" && s !== "PROVISIONED";
  };
  return {
    count,
    status,
    hasPassword,
    type(i) {
      const percent = mix(seed, i, 4) % 100;
      return i === 0 || percent < 84 ? 0 : percent < 96 ? 1 : 2;
    },
    times(i) {
      const s = status(i);
      const created = second(newest - 20 * DAY - (mix(seed, i, 5) % 1460) * DAY - (mix(seed, i, 6) % DAY));
      const activated = s === "STAGED" ? null : created + 1000 * (mix(seed, i, 7) % 7200);
      const settled = activated ?? created;
      const changed = settled + Math.floor(((newest - settled) / 2) * fraction(mix(seed, i, 8)));
      const statusChanged = second(s === "ACTIVE" || s === "PROVISIONED" ? settled : changed);
      const updated = second(statusChanged + Math.floor((newest - statusChanged) * fraction(mix(seed, i, 9))));
      const login = mix(seed, i, 10);
      const seen = hasPassword(i) && login % 10 < 8;
      return {
        created,
        activated,
        statusChanged,
        lastLogin: seen ? second(updated + Math.floor((newest - updated) * fraction(login))) : null,
        lastUpdated: updated,
        passwordChanged: hasPassword(i)
          ? second(settled + Math.floor((updated - settled) * fraction(mix(seed, i, 11))))
          : null,
      };
    },
    login: (i) => `${person(i).local}@example.com`,
    person(i) {
      const { first, last, local } = person(i);
      const login = `${local}@example.com`;
      return { login, email: login, firstName: JSON.parse(first) as string, lastName: JSON.parse(last) as string };
    },
    find(login) {
      const match = /\.(\d{1,9})@example\.com$/.exec(login);
      const i = match ? Number(match[1]) : -1;
      return i >= 0 && i < count && `${person(i).local}@example.com` === login ? i : -1;
    },
    profileJson(i, custom) {
      const { first, last, local } = person(i);
      const hash = mix(seed, i, 12);
      const city = pick(CITY, hash >>> 4);
      let json = `"firstName":${first},"lastName":${last},"mobilePhone":`;
      json += hash % 4 === 0 ? `"+41 79 ${1_000_000 + (hash % 9_000_000)}"` : "null";
      json += `,"secondEmail":${hash % 5 === 0 ? `"${local}@home.example.org"` : "null"}`;
      if (hash % 3 !== 0) json += `,"title":"${pick(TITLES, hash >>> 5)}"`;
      json += `,"department":"${pick(DEPARTMENTS, hash >>> 9)}"`;
      if (hash % 7 !== 0) json += `,"employeeNumber":"${100_000 + i}"`;
      if (hash % 6 !== 0)
        json += `,"city":${city.city},"countryCode":"${city.country}","timezone":"${city.zone}","locale":"${city.locale}"`;
      if (hash % 8 === 0) json += `,"displayName":"${first.slice(1, -1)} ${last.slice(1, -1)}"`;
      json += `,"login":"${local}@example.com","email":"${local}@example.com"`;
      for (const attribute of custom) {
        const value = attribute.json(seed, i);
        if (value !== undefined) json += `,"${attribute.name}":${value}`;
      }
      return json;
    },
  };
}

function fraction(hash: number): number {
  return hash / 0x1_0000_0000;
}

function second(ms: number): number {
  return ms - (ms % 1000);
}
