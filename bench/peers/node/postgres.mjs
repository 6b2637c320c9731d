// The PostgreSQL server that `run` started.
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

const url = (port, database) => `postgres://postgres@127.0.0.1:${port}/${database}`;

export const durability =
  "fsync on, synchronous_commit on: what was answered survives a power cut";

export const settings = "shared_buffers 256 MB, max_wal_size 2 GB";

/** Waits for the connections of the round before, up to 5 s: some clients do not survive being cut off. */
async function awaitAlone(client) {
  const others = "select count(*) from pg_stat_activity where datname = 'peer'";
  for (let i = 0; i < 100 && (await count(client, others)) > 0; i++) {
    await pause(50);
  }
}

/** Makes a new, empty database and returns its address. */
export async function recreate(port) {
  const client = new pg.Client(url(port, "postgres"));
  await client.connect();
  await awaitAlone(client);
  await client.query("drop database if exists peer with (force)");
  await client.query("create database peer");
  await client.end();
  return url(port, "peer");
}

/** Another connection, for what the benchmark itself asks. */
export async function connect(address) {
  const client = new pg.Client(address);
  client.on("error", () => {});
  await client.connect();
  return client;
}

export async function count(client, query) {
  const { rows } = await client.query(query);
  return Number(rows[0].count);
}
