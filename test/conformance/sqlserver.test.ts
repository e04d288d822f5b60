import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";
import { describeDialect } from "./suite.js";

describeDialect("SQL Server", sqlServerUrl() === null ? null : () => freshSqlServerSchema());
