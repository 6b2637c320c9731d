import Database from "better-sqlite3";
import { JobStatus, better, defineQueue, defineWorker } from "plainjob";
import { versionOf } from "../versions.mjs";

const quiet = { error: console.error, warn: console.error, info() {}, debug() {} };

/** plainjob: its worker takes one job at a time; SQLite's calls do not leave the thread. */
class Plainjob {
  facts = {
    system: "plainjob",
    version: versionOf("plainjob"),
    store: "SQLite",
    durability: "synchronous NORMAL: the last transactions may be lost by a power cut",
    settings:
      "1 worker, poll 10 ms, bulk by addMany; WAL, synchronous NORMAL, busy_timeout 5 s (its own); " +
      `better-sqlite3 ${versionOf("better-sqlite3")}`,
  };
  #queue;
  #worker;

  open(directory) {
    const connection = better(new Database(`${directory}/peer.db`));
    this.#queue = defineQueue({ connection, logger: quiet });
  }

  enqueue(payload) {
    this.#queue.add("noop", payload);
  }

  enqueueAll(payloads) {
    this.#queue.addMany("noop", payloads);
  }

  start(handler) {
    const options = { queue: this.#queue, pollIntervall: 10, logger: quiet };
    this.#worker = defineWorker("noop", (job) => handler(JSON.parse(job.data).id), options);
    this.#worker.start();
  }

  unended() {
    return (
      this.#queue.countJobs({ status: JobStatus.Pending }) +
      this.#queue.countJobs({ status: JobStatus.Processing })
    );
  }

  async close() {
    await this.#worker?.stop();
    this.#worker = undefined;
    this.#queue.close();
  }
}

export const create = () => new Plainjob();
