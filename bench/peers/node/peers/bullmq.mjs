import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { versionOf } from "../versions.mjs";

const QUEUE = "noop";
const CONCURRENCY = 100;

const DURABILITY = {
  always: "appendfsync always: what was answered survives a power cut",
  everysec: "appendfsync everysec: up to 1 s of what was answered may be lost by a power cut",
};

class Bull {
  facts;
  #connection;
  #admin;
  #queue;
  #worker;

  constructor(port, appendfsync) {
    this.#connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
    this.facts = {
      system: `BullMQ (${appendfsync})`,
      version: versionOf("bullmq"),
      store: "Redis",
      durability: DURABILITY[appendfsync],
      settings:
        `concurrency ${CONCURRENCY}, bulk by addBulk of 1,000, ended jobs kept, ioredis ` +
        `${versionOf("ioredis")}; appendonly yes, appendfsync ${appendfsync}`,
    };
  }

  async open() {
    this.#admin = new Redis(this.#connection);
    await this.#admin.flushall();
    this.#queue = new Queue(QUEUE, { connection: this.#connection });
    await this.#queue.waitUntilReady();
  }

  enqueue(payload) {
    return this.#queue.add("noop", payload);
  }

  async enqueueAll(payloads) {
    for (let from = 0; from < payloads.length; from += 1000) {
      const data = payloads.slice(from, from + 1000);
      await this.#queue.addBulk(data.map((payload) => ({ name: "noop", data: payload })));
    }
  }

  start(handler) {
    const options = { connection: this.#connection, concurrency: CONCURRENCY };
    this.#worker = new Worker(QUEUE, async (job) => handler(job.data.id), options);
    this.#worker.on("error", console.error);
  }

  async unended() {
    const counts = await this.#queue.getJobCounts("wait", "active", "delayed", "prioritized");
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async close() {
    await this.#worker?.close(true);
    this.#worker = undefined;
    await this.#queue.close();
    this.#admin.disconnect();
  }
}

export const create = ({ port, variant }) => new Bull(port, variant);
