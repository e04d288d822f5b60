// Rows of `users`: 30 columns, about 1 kB each, the same ones for everybody who asks, made cheaply as they are wanted.

/** @type {readonly (readonly [name: string, type: string])[]} */
const COLUMNS = [
  ["id", "text"],
  ["status", "text"],
  ["created", "instant"],
  ["activated", "instant"],
  ["status_changed", "instant"],
  ["last_login", "instant"],
  ["last_updated", "instant"],
  ["password_changed", "instant"],
  ["type_id", "text"],
  ["realm_id", "text"],
  ["profile_login", "text"],
  ["profile_email", "text"],
  ["profile_second_email", "text"],
  ["profile_first_name", "text"],
  ["profile_last_name", "text"],
  ["profile_display_name", "text"],
  ["profile_title", "text"],
  ["profile_profile_url", "text"],
  ["profile_primary_phone", "text"],
  ["profile_street_address", "text"],
  ["profile_city", "text"],
  ["profile_zip_code", "text"],
  ["profile_department", "text"],
  ["profile_manager", "text"],
  ["profile_notes", "text"],
  ["profile_employee_number", "integer"],
  ["profile_level", "double"],
  ["profile_contractor", "boolean"],
  ["profile_remote", "boolean"],
  ["_extra", "json"],
];

/** The table as the loader makes it: a primary key and no other index. */
export const USERS_TABLE = {
  name: "users",
  object: "users",
  key: ["id"],
  indexes: [],
  columns: COLUMNS.map(([name, type]) => ({ name, type, path: [name] })),
};

/** One row in a hundred changes from version to version. */
const CHANGED_EVERY = 100;

export function changedRows(rows) {
  return Math.ceil(rows / CHANGED_EVERY);
}

const FIRST = ["Ana", "Björn", "Chloé", "Dmitri", "Emeka", "Fatima", "Grace", "Hiro"];
const LAST = ["Almeida", "Bergström", "Chen", "Dubois", "Eze", "Fernández", "Gupta"];
const TITLES = ["Engineer", "Senior Account Executive", "Director of Operations", "Nurse", "Analyst"];
const CITIES = ["Porto", "Göteborg", "Lyon", "Lagos", "Osaka", "San Francisco"];
const NOTES =
  "Joined with the acquisition; keeps a second mailbox for the old domain, see the ticket for the date of its end.\nVisits the office on Tuesdays.";

/**
 * Batches of rows in the order of their keys, as Okta pages through users. `version` 0 is the first state; in each later
 * one, one row in a hundred differs from the one before.
 */
export function* userBatches({ rows, version = 0, size = 5_000 }) {
  for (let from = 0; from < rows; from += size) {
    const batch = [];
    for (let n = from; n < Math.min(from + size, rows); n++) batch.push(userRow(n, version));
    yield batch;
  }
}

export function* userRows(options) {
  for (const batch of userBatches(options)) yield* batch;
}

function userRow(n, latest) {
  const version = n % CHANGED_EVERY === 0 ? latest : 0;
  const id = `00u${String(n).padStart(9, "0")}Zk4x7Qp1`;
  const first = FIRST[n % FIRST.length];
  const last = LAST[n % LAST.length];
  const name = `${first}.${last}.${n}`;
  const day = String((n % 28) + 1).padStart(2, "0");
  const at = `2024-0${(n % 9) + 1}-${day}T0${n % 10}:15:42.`;
  const updated = `2026-03-${day}T08:30:0${version % 10}.${version > 0 ? "250" : "000"}Z`;
  const values = [
    id,
    n % 12 === 0 ? "DEPROVISIONED" : "ACTIVE",
    `${at}000Z`,
    `${at}120Z`,
    `${at}500Z`,
    n % 5 === 0 ? null : `2026-02-${day}T17:0${n % 10}:09.731Z`,
    updated,
    `${at}700Z`,
    "oty1b2c3d4E5f6G7h8i9",
    null,
    `${name}@example.com`,
    `${name}@example.com`,
    n % 3 === 0 ? `${name}@mail.example.org` : null,
    first,
    last,
    `${first} ${last} (${n})`,
    version === 0 ? TITLES[n % TITLES.length] : `${TITLES[n % TITLES.length]}, grade ${version}`,
    `https://people.example.com/directory/${name}/profile?from=okta`,
    `+1 555 ${String(n % 10_000_000).padStart(7, "0")}`,
    `${n % 900} Market Street, Floor ${n % 40}`,
    CITIES[n % CITIES.length],
    String(10_000 + (n % 89_999)),
    `Department ${n % 60}`,
    `00u${String(n % 5_000).padStart(9, "0")}Zk4x7Qp1`,
    NOTES,
    n,
    (n % 100) / 4,
    n % 7 === 0,
    n % 4 === 0,
    `{"badge":{"number":${n},"colour":"blue","sites":["HQ","Lab","Annex"]},"emergencyContacts":[{"name":"${last}, ${first}","phone":"+1 555 0100","relation":"parent"},{"name":"Service desk","phone":"+1 555 0199","relation":"other"}],"trainings":{"safety":"2025-11-02","privacy":"2025-12-14"}}`,
  ];
  // As long as a real one; the transformer makes those.
  return { values, hash: `h${String(n).padStart(12, "0")}v${String(version).padStart(6, "0")}abcdefg` };
}
