import { freshSchema } from "../support/postgres.js";
import { describeDialect } from "./suite.js";

describeDialect("postgres", () => freshSchema());
