import { Logger, makeWorkerUtils, run } from "graphile-worker";
import * as postgres from "../postgres.mjs";
import { versionOf } from "../versions.mjs";

const logger = new Logger(() => (level, message) => level === "error" && console.error(message));

/** graphile-worker, set up as on its performance page. */
class Graphile {
  facts = {
    system: "graphile-worker",
    version: versionOf("graphile-worker"),
    store: "PostgreSQL",
    durability: postgres.durability,
    settings:
      "concurrentJobs 24, maxPoolSize 25, localQueue 500, completeJobBatchDelay 0, LISTEN/NOTIFY, bulk by " +
      `addJobs of 1,000; ${postgres.settings}`,
  };
  #port;
  #address;
  #utils;
  #runner;
  #client;

  constructor(port) {
    this.#port = port;
  }

  #preset() {
    return {
      worker: {
        connectionString: this.#address,
        concurrentJobs: 24,
        maxPoolSize: 25,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger,
      },
    };
  }

  async open() {
    this.#address = await postgres.recreate(this.#port);
    this.#utils = await makeWorkerUtils({ preset: this.#preset() });
    await this.#utils.migrate();
    this.#client = await postgres.connect(this.#address);
  }

  enqueue(payload) {
    return this.#utils.addJob("noop", payload);
  }

  async enqueueAll(payloads) {
    for (let from = 0; from < payloads.length; from += 1000) {
      await this.#utils.addJobs(
        payloads
          .slice(from, from + 1000)
          .map((payload) => ({ identifier: "noop", payload })),
      );
    }
  }

  async start(handler) {
    const taskList = { noop: (payload) => handler(payload.id) };
    this.#runner = await run({ preset: this.#preset(), taskList, noHandleSignals: true });
  }

  /** It deletes what has ended. */
  unended() {
    return postgres.count(this.#client, "select count(*) from graphile_worker._private_jobs");
  }

  async close() {
    await this.#runner?.stop();
    this.#runner = undefined;
    await this.#client.end();
    await this.#utils.release();
  }
}

export const create = ({ port }) => new Graphile(port);
