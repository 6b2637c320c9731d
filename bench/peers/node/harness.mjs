// The workloads, as in the Java harness (Workloads.java, Handled.java, Plan.java): keep them alike.
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const PLANS = {
  full: { rounds: 3, singlesLimit: 5, drainLimit: 60, warmUpLimit: 10, samples: 60, pause: 300 },
  quick: { rounds: 1, singlesLimit: 3, drainLimit: 20, warmUpLimit: 5, samples: 50, pause: 150 },
};
const SINGLES = 2000;
const JOBS = 20000;
const WARM_UPS = 8;
const PATIENCE = 15;
const UNCOUNTED = 5;

/** In seconds, from an arbitrary start. */
const now = () => performance.now() / 1000;

const payload = (id) => ({ id, to: "ada@example.com", subject: "Welcome" });

const payloads = (count) => Array.from({ length: count }, (_, id) => payload(id));

const run = (value, recorded = null, duplicates = 0, note = "") => ({
  value,
  recorded,
  duplicates,
  note,
});

/** Which jobs were handled: when each was first, and how many calls there were. */
class Handled {
  #first;
  #calls = 0;
  #finish;
  jobs = 0;
  last = now();
  finished = new Promise((resolve) => (this.#finish = resolve));

  constructor(count) {
    this.#first = new Float64Array(count);
  }

  take = (id) => {
    const time = now();
    this.#calls++;
    if (this.#first[id] === 0) {
      this.#first[id] = time;
      this.last = time;
      if (++this.jobs === this.#first.length) {
        this.#finish();
      }
    }
  };

  at(id) {
    return this.#first[id];
  }

  get duplicates() {
    return this.#calls - this.jobs;
  }

  /** Whether all jobs were handled in time. */
  async await(seconds) {
    const controller = new AbortController();
    const late = sleep(seconds * 1000, null, { signal: controller.signal }).catch(() => {});
    await Promise.race([this.finished, late]);
    controller.abort();
    return this.jobs === this.#first.length;
  }
}

/** Measures one peer, each workload on a new store. */
class Workloads {
  #peer;
  #plan;
  #directory;
  #stores = 0;
  #firsts = [];
  #singles = [];
  #bulks = [];
  #drains = [];

  constructor(peer, plan, directory) {
    this.#peer = peer;
    this.#plan = plan;
    this.#directory = directory;
  }

  async measure() {
    await this.#warmUp();
    for (let i = 0; i < this.#plan.rounds; i++) {
      await this.#enqueueOne();
      await this.#bulkAndDrain(this.#plan.drainLimit);
    }
    const rows = [
      { workload: "enqueue-one-new-store", unit: "jobs/s", runs: this.#firsts },
      { workload: "enqueue-one", unit: "jobs/s", runs: this.#singles },
      { workload: "enqueue-bulk", unit: "jobs/s", runs: this.#bulks },
      { workload: "drain", unit: "jobs/s", runs: this.#drains },
      ...(await this.#latency()),
    ];
    return { facts: this.#peer.facts, rows };
  }

  async #warmUp() {
    const end = now() + this.#plan.warmUpLimit;
    for (let i = 0; i < WARM_UPS && now() < end; i++) {
      await this.#enqueueOne();
      await this.#bulkAndDrain(this.#plan.warmUpLimit);
    }
    this.#firsts = [];
    this.#singles = [];
    this.#bulks = [];
    this.#drains = [];
  }

  async #open() {
    const directory = `${this.#directory}/store-${this.#stores++}`;
    mkdirSync(directory);
    await this.#peer.open(directory);
  }

  async #enqueueOne() {
    await this.#open();
    this.#firsts.push(await this.#enqueueSingles(0));
    this.#singles.push(await this.#enqueueSingles(SINGLES));
    await this.#peer.close();
  }

  /** Enqueues one job after the other, with ids from `from` on. */
  async #enqueueSingles(from) {
    const start = now();
    let done = 0;
    while (done < SINGLES && now() < start + this.#plan.singlesLimit) {
      await this.#peer.enqueue(payload(from + done++));
    }
    return run(done / (now() - start));
  }

  async #bulkAndDrain(limit) {
    await this.#open();
    this.#bulks.push(await this.#bulk());
    this.#drains.push(await this.#drain(limit));
    await this.#peer.close();
  }

  async #bulk() {
    const all = payloads(JOBS);
    const start = now();
    await this.#peer.enqueueAll(all);
    return run(JOBS / (now() - start));
  }

  async #drain(limit) {
    const handled = new Handled(JOBS);
    const start = now();
    await this.#peer.start(handled.take);
    if (!(await handled.await(limit))) {
      const note = `stopped by the clock with ${handled.jobs.toLocaleString("en")} jobs handled`;
      return run(handled.jobs / (now() - start), null, handled.duplicates, note);
    }
    const rate = JOBS / (handled.last - start);
    const all = await this.#awaitRecorded(PATIENCE);
    const recorded = all ? JOBS / (now() - start) : null;
    const note = all ? "" : `${await this.#peer.unended()} jobs handled, but no end in the store`;
    return run(rate, recorded, handled.duplicates, note);
  }

  async #awaitRecorded(limit) {
    const end = now() + limit;
    while ((await this.#peer.unended()) > 0) {
      if (now() > end) {
        return false;
      }
      await sleep(1);
    }
    return true;
  }

  /** On a store in use: as many jobs as in `enqueue-one` went through it before. */
  async #latency() {
    await this.#open();
    await this.#enqueueSingles(0);
    const count = UNCOUNTED + this.#plan.samples;
    const handled = new Handled(SINGLES + count);
    await this.#peer.start(handled.take);
    await this.#awaitRecorded(this.#plan.drainLimit);
    const called = await this.#enqueueWithPauses(SINGLES, count);
    await this.#awaitRecorded(PATIENCE);
    const millis = called
      .map((time, i) => [time, handled.at(SINGLES + i)])
      .slice(UNCOUNTED)
      .filter(([, first]) => first !== 0)
      .map(([time, first]) => (first - time) * 1000)
      .sort((a, b) => a - b);
    await this.#peer.close();
    return [50, 99].map((percent) => this.#percentile(millis, percent));
  }

  /** Does not wait for the handlers: else the pauses would be in step with a poll. */
  async #enqueueWithPauses(from, count) {
    const called = [];
    await sleep(1000);
    for (let i = 0; i < count; i++) {
      await sleep(this.#plan.pause * (0.5 + Math.random()));
      called.push(now());
      await this.#peer.enqueue(payload(from + i));
    }
    return called;
  }

  #percentile(millis, percent) {
    const missing = this.#plan.samples - millis.length;
    const note = missing === 0 ? "" : `${missing} of the jobs were not handled in time`;
    const value = millis.length === 0 ? null : millis[Math.ceil((millis.length * percent) / 100) - 1];
    return { workload: `latency-idle-p${percent}`, unit: "ms", runs: [run(value, null, 0, note)] };
  }
}

/** What `peer` does in a full or quick measurement. */
export function measure(peer, plan, directory) {
  return new Workloads(peer, PLANS[plan], directory).measure();
}
