// The obvious script: the collection of Okta's SDK, rows of 500 through knex with onConflict().merge().
import okta from "@okta/okta-sdk-nodejs";
import createKnex from "knex";

const { url, token, databaseUrl, schema, columns } = JSON.parse(process.argv[2] ?? "{}");
const BATCH = 500;

const knex = createKnex({ client: "pg", connection: databaseUrl });
const client = new okta.Client({ orgUrl: url, token, testing: { disableHttpsCheck: true } });
await knex.raw("select 1");
await knex.schema.createSchema(schema);
await knex.schema.withSchema(schema).createTable("users", (table) => {
  for (const { name, type } of columns) {
    const column = table.specificType(name, type);
    if (name === "id") column.primary();
  }
});
let rows = 0;
let batch = [];
const users = await client.userApi.listUsers({ limit: 200, filter: 'lastUpdated gt "1970-01-01T00:00:00.000Z"' });
await users.each(async (user) => {
  batch.push(rowOf(user));
  if (batch.length === BATCH) await save();
});
if (batch.length > 0) await save();
await knex.destroy();
process.stdout.write(JSON.stringify({ rows }));
process.exit();

async function save() {
  await knex(`${schema}.users`).insert(batch).onConflict("id").merge();
  rows += batch.length;
  batch = [];
}

function rowOf(user) {
  const row = {};
  for (const { name, path, type } of columns) {
    let value = user;
    for (const step of path) value = value?.[step];
    row[name] = value === undefined ? null : type === "jsonb" ? JSON.stringify(value) : value;
  }
  return row;
}
