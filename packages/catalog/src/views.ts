/** Names as the dialect writes them, for {@link ViewDefinition.select}. */
export interface ViewNames {
  /** The table, qualified and quoted, with its alias. */
  from(alias: string): string;
  /** A column by its path in the source, or by its name for key columns: `u."profile_login"`. */
  column(alias: string, path: string): string;
  /** A condition that holds for rows that are not marked as deleted. */
  live(alias: string): string;
}

/** A view over replicated tables; made when all of them are there. Plain SQL that every supported database takes. */
export interface ViewDefinition {
  readonly name: string;
  readonly summary: string;
  /** Alias → table. */
  readonly tables: Readonly<Record<string, string>>;
  select(names: ViewNames): string;
}

const identityMappings: ViewDefinition = {
  name: "identity_mappings",
  summary: "Which user has which application, under which user name there",
  tables: { au: "application_users", a: "applications", u: "users" },
  select: ({ from, column, live }) => `select
    ${column("au", "user_id")} as user_id,
    ${column("u", "profile.login")} as login,
    ${column("u", "status")} as user_status,
    ${column("au", "application_id")} as application_id,
    ${column("a", "label")} as application_label,
    ${column("au", "credentials.userName")} as user_name,
    ${column("au", "status")} as status,
    ${column("au", "scope")} as scope
  from ${from("au")}
  join ${from("a")} on ${column("a", "id")} = ${column("au", "application_id")} and ${live("a")}
  left join ${from("u")} on ${column("u", "id")} = ${column("au", "user_id")} and ${live("u")}
  where ${live("au")}`,
};

const effectiveGroupMembers: ViewDefinition = {
  name: "effective_group_members",
  summary: "Members of groups who can act: deactivated users keep their memberships, but not here",
  tables: { m: "group_members", g: "groups", u: "users" },
  select: ({ from, column, live }) => `select
    ${column("m", "group_id")} as group_id,
    ${column("g", "profile.name")} as group_name,
    ${column("g", "type")} as group_type,
    ${column("m", "user_id")} as user_id,
    ${column("u", "profile.login")} as login,
    ${column("u", "status")} as user_status
  from ${from("m")}
  join ${from("g")} on ${column("g", "id")} = ${column("m", "group_id")} and ${live("g")}
  join ${from("u")} on ${column("u", "id")} = ${column("m", "user_id")} and ${live("u")}
  where ${live("m")} and ${column("u", "status")} <> 'DEPROVISIONED'`,
};

const applicationUsage: ViewDefinition = {
  name: "application_usage",
  summary: "When each user last signed in to each application, as far as the replicated log goes back",
  tables: { e: "log_events", t: "log_event_targets" },
  // user.authentication.sso is the event of a sign-in to an application; the application is its AppInstance target (Okta docs).
  select: ({ from, column, live }) => `select
    ${column("e", "actor.id")} as user_id,
    max(${column("e", "actor.alternateId")}) as login,
    ${column("t", "id")} as application_id,
    max(${column("t", "displayName")}) as application_label,
    max(${column("e", "published")}) as last_sign_in,
    count(*) as sign_ins
  from ${from("e")}
  join ${from("t")} on ${column("t", "uuid")} = ${column("e", "uuid")}
  where ${column("e", "eventType")} = 'user.authentication.sso'
    and ${column("e", "outcome.result")} = 'SUCCESS'
    and ${column("t", "type")} = 'AppInstance'
    and ${live("e")}
  group by ${column("e", "actor.id")}, ${column("t", "id")}`,
};

/** Every view, in the order in which they are made. */
export const VIEWS: readonly ViewDefinition[] = [identityMappings, effectiveGroupMembers, applicationUsage];
