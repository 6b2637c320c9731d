package dev.quern.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import tools.jackson.databind.json.JsonMapper;

/// db-scheduler.
final class DbSchedulerPeer implements Peer {
  private static final TaskDescriptor<Payload> NOOP = TaskDescriptor.of("noop", Payload.class);
  private static final int THREADS = 20;

  /// How many executions are fetched at once, and when more are, as multiples of the threads: the
  /// fastest of its performance page on the small server.
  private static final double LOWER = 4;

  private static final double UPPER = 20;

  private final Database database;
  private final boolean lockAndFetch;
  private HikariDataSource source;
  private Scheduler scheduler;
  private volatile IntConsumer handler;

  /// @param lockAndFetch whether the database has this strategy; else `fetch`
  DbSchedulerPeer(Database database, boolean lockAndFetch) {
    this.database = database;
    this.lockAndFetch = lockAndFetch;
  }

  @Override
  public Facts facts() {
    return new Facts(
        "db-scheduler",
        Versions.of("db-scheduler"),
        database.name(),
        database.durability(),
        "%s with limits 4 and 20, %d threads, poll 1 s, immediate execution, bulk by scheduleBatch, pool of %d; %s"
            .formatted(
                lockAndFetch ? "lock-and-fetch" : "fetch",
                THREADS,
                THREADS + 4,
                database.settings()));
  }

  @Override
  public void open(Path directory) throws Exception {
    source = database.create(directory, THREADS + 4);
    Sql.execute(source, lockAndFetch ? POSTGRES_TABLE : SQLITE_TABLE);
    scheduler = polling(Scheduler.create(source, task())).build();
  }

  private SchedulerBuilder polling(SchedulerBuilder builder) {
    builder
        .threads(THREADS)
        .serializer(new Json(JsonMapper.shared()))
        .pollingInterval(Duration.ofSeconds(1))
        .shutdownMaxWait(Duration.ofSeconds(2))
        .enableImmediateExecution();
    return lockAndFetch
        ? builder.pollUsingLockAndFetch(LOWER, UPPER)
        : builder.pollUsingFetch(LOWER, UPPER);
  }

  private OneTimeTask<Payload> task() {
    return Tasks.oneTime(NOOP).execute((instance, _) -> handler.accept(instance.getData().id()));
  }

  @Override
  public void enqueue(Payload payload) {
    scheduler.schedule(instance(payload), Instant.now());
  }

  @Override
  public void enqueueAll(List<Payload> payloads) {
    scheduler.scheduleBatch(payloads.stream().map(DbSchedulerPeer::instance), Instant.now());
  }

  private static TaskInstance<?> instance(Payload payload) {
    return NOOP.instance(Integer.toString(payload.id())).data(payload).build();
  }

  @Override
  public void start(IntConsumer handler) {
    this.handler = handler;
    scheduler.start();
  }

  /// It deletes what has ended.
  @Override
  public long unended() throws Exception {
    return Sql.count(source, "select count(*) from scheduled_tasks");
  }

  @Override
  public void close() {
    scheduler.stop();
    source.close();
  }

  /// JSON by Jackson, as for the other systems.
  private record Json(JsonMapper mapper) implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return mapper.writeValueAsBytes(data);
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] bytes) {
      return bytes == null ? null : mapper.readValue(bytes, type);
    }
  }

  /// As documented, without the index for priorities, which are off.
  private static final String POSTGRES_TABLE =
      """
      create table scheduled_tasks (
        task_name text not null,
        task_instance text not null,
        task_data bytea,
        execution_time timestamp with time zone,
        picked boolean not null,
        picked_by text,
        last_success timestamp with time zone,
        last_failure timestamp with time zone,
        consecutive_failures int,
        last_heartbeat timestamp with time zone,
        version bigint not null,
        priority smallint,
        state text,
        primary key (task_name, task_instance)
      );
      create index execution_time_idx on scheduled_tasks (execution_time);
      create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)\
      """;

  private static final String SQLITE_TABLE =
      """
      create table scheduled_tasks (
        task_name varchar(100),
        task_instance varchar(100),
        task_data blob,
        execution_time timestamp,
        picked bit,
        picked_by varchar(50),
        last_success timestamp,
        last_failure timestamp,
        consecutive_failures int,
        last_heartbeat timestamp,
        version bigint,
        priority smallint,
        primary key (task_name, task_instance)
      );
      create index execution_time_idx on scheduled_tasks (execution_time);
      create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)\
      """;
}
