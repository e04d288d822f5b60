import { vi } from "vitest";

import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";
import { describeDialect } from "./suite.js";

// The server may be a stand-in, which takes its time over DDL.
vi.setConfig({ testTimeout: 240_000 });

describeDialect("SQL Server", sqlServerUrl() === null ? null : () => freshSqlServerSchema());
