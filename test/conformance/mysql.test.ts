import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { describeDialect } from "./suite.js";

describeDialect("MySQL/MariaDB", mysqlUrl() === null ? null : () => freshDatabase());
