import { PgBoss } from "pg-boss";
import * as postgres from "../postgres.mjs";
import { versionOf } from "../versions.mjs";

const QUEUE = "noop";
const BATCH = 500;
const WORKERS = 2;

class Boss {
  facts = {
    system: "pg-boss",
    version: versionOf("pg-boss"),
    store: "PostgreSQL",
    durability: postgres.durability,
    settings:
      `batchSize ${BATCH}, ${WORKERS} workers, burstWhenBatchFull, LISTEN/NOTIFY, poll 0.5 s, bulk by ` +
      `insert of 1,000, pool of 10; ${postgres.settings}`,
  };
  #port;
  #boss;
  #client;

  constructor(port) {
    this.#port = port;
  }

  async open() {
    const address = await postgres.recreate(this.#port);
    this.#boss = new PgBoss({ connectionString: address, useListenNotify: true, schedule: false });
    this.#boss.on("error", console.error);
    await this.#boss.start();
    await this.#boss.createQueue(QUEUE, { notify: true });
    this.#client = await postgres.connect(address);
  }

  enqueue(payload) {
    return this.#boss.send(QUEUE, payload);
  }

  async enqueueAll(payloads) {
    for (let from = 0; from < payloads.length; from += 1000) {
      await this.#boss.insert(
        QUEUE,
        payloads.slice(from, from + 1000).map((data) => ({ data })),
      );
    }
  }

  start(handler) {
    const options = {
      batchSize: BATCH,
      localConcurrency: WORKERS,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
    };
    return this.#boss.work(QUEUE, options, async (jobs) => {
      for (const job of jobs) {
        handler(job.data.id);
      }
    });
  }

  unended() {
    const query = `select count(*) from pgboss.job where name = '${QUEUE}' and state < 'completed'`;
    return postgres.count(this.#client, query);
  }

  async close() {
    await this.#client.end();
    await this.#boss.stop({ graceful: false, close: true });
  }
}

export const create = ({ port }) => new Boss(port);
