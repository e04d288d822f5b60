import type { Config } from "@tidemark/config";
import type { Clock, Logger } from "@tidemark/kernel";

/** What `check` is asked to look at. */
export interface CheckOptions {
  readonly config: Config;
  /** Only this connection; all of the file's when left out. */
  readonly connection?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (event: CheckProgress) => void;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Environment and folders for what the configuration leaves out (OKTA_CLIENT_…, okta.yaml). */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly homeDir?: string;
  readonly cwd?: string;
}

/** What is being looked at now. */
export interface CheckProgress {
  readonly connection: string;
  /** For people: `asking for groups`. */
  readonly step: string;
  /** Requests sent to Okta so far by this check of the connection. */
  readonly requests: number;
}

/** The document of `check --json`. */
export interface CheckReport {
  /** ISO instant. */
  readonly checkedAt: string;
  /** Every connection can be used. Objects that are denied or unavailable do not count here; see {@link exitCodeOfCheck}. */
  readonly ok: boolean;
  readonly connections: readonly ConnectionCheck[];
  /** Requests that the check itself sent to Okta. */
  readonly requests: number;
}

export type ConnectionCheck = OktaCheck | WarehouseCheck | CsvCheck;

/** Something that is wrong, in the words of the kernel's errors. */
export interface CheckProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

interface CheckedConnection {
  readonly connection: string;
  readonly ok: boolean;
  readonly problems: readonly CheckProblem[];
  readonly warnings: readonly string[];
  /** Setting → where its value comes from: a place in the file, an environment variable, a file. Never the value. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A database that receives tables. Facts are null while it does not answer. */
export interface WarehouseCheck extends CheckedConnection {
  readonly kind: "warehouse";
  readonly type: string;
  readonly schema: string | null;
  readonly server: {
    readonly version: string;
    readonly user: string;
    readonly database: string;
    readonly tooOld: boolean;
    readonly readOnly: boolean;
    readonly standby: boolean;
    readonly schemaExists: boolean;
    readonly mayCreateSchema: boolean;
    readonly mayCreateTables: boolean;
    /** `verify`: TLS, and the certificate was checked; `no-verify`: TLS; `off`: none. */
    readonly tls?: "verify" | "no-verify" | "off";
  } | null;
  /** The org whose rows the schema holds; null when none was loaded yet. */
  readonly boundOrg: { readonly id: string; readonly url: string } | null;
}

/** A folder that receives CSV files. */
export interface CsvCheck extends CheckedConnection {
  readonly kind: "csv";
  readonly type: "csv";
  readonly dir: string | null;
  /** The folder is there, or its parent lets us make it. */
  readonly writable: boolean;
}

/** An Okta org. Facts are null while it does not answer. */
export interface OktaCheck extends CheckedConnection {
  readonly kind: "okta";
  readonly type: "okta";
  readonly org: { readonly id: string; readonly url: string; readonly engine: string | null } | null;
  readonly credentials: OktaCredentials | null;
  /** May the System Log be read? Without it changes are found by listing, and deletions at the next reconcile only. */
  readonly log: { readonly readable: boolean; readonly reason: string | null } | null;
  readonly objects: readonly ObjectCheck[];
  readonly buckets: readonly BucketCheck[];
  /** One for each pipeline that reads this org; one for the core preset (`pipeline: null`) when there is none. */
  readonly loads: readonly LoadEstimate[];
  /** Requests that this connection's check sent. */
  readonly requests: number;
  /** Measured time of one request, ms. */
  readonly latencyMs: number | null;
}

/** Who the token is. `unknown`: it may not ask. */
export interface OktaCredentials {
  /** `token`: an API token of a person; `app`: a service app with a private key. */
  readonly kind: "token" | "app";
  readonly ownerId: string;
  readonly roles: readonly string[] | "unknown";
  readonly scopes: readonly string[] | "unknown" | null;
}

/** How an object answered a probe. */
export interface ObjectCheck {
  readonly object: string;
  /** `unchecked`: there was no parent to ask under, or its parent could not be read. */
  readonly status: "ok" | "denied" | "unavailable" | "failed" | "unchecked";
  /** The file names the object itself, so that a refusal makes runs partial. */
  readonly named: boolean;
  readonly message: string | null;
  /** What would help: the scope, the weakest admin role. */
  readonly remedy: string | null;
  /** OAuth scopes of which the object needs one. */
  readonly scopes: readonly string[];
  /** Admin roles that can read it, weakest first. */
  readonly adminRoles: readonly string[];
}

/** A rate bucket as Okta's headers showed it. */
export interface BucketCheck {
  readonly bucket: string;
  /** Requests a minute; null when the headers said nothing. */
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Requests a minute that we allow ourselves: share × limit. */
  readonly ours: number | null;
  /** What others used of the window that was seen; null when unknown. */
  readonly others: number | null;
}

/** What a run costs. */
export interface Cost {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * What the first load and an idle run of a pipeline will cost, by itself and started now, while what the check itself
 * used still counts in Okta's minute.
 */
export interface LoadEstimate {
  readonly pipeline: string | null;
  readonly first: Cost;
  /** A run after which nothing had changed. */
  readonly idle: Cost;
  /** Requests that belong to no object: organization, roles, change feed, schemas. */
  readonly overhead: { readonly first: number; readonly idle: number };
  readonly objects: readonly ObjectEstimate[];
}

/** One object's part. Objects run side by side: their seconds (from the run's begin to their end) do not add up. */
export interface ObjectEstimate {
  readonly object: string;
  /** Null when nobody can tell: the log, or an object that cannot be read. */
  readonly rows: number | null;
  /** Counted by Okta or listed to the end; false: sampled. */
  readonly exact: boolean;
  readonly first: Cost;
  readonly idle: Cost;
}
