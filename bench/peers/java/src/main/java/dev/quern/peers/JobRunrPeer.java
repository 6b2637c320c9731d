package dev.quern.peers;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/// JobRunr OSS.
final class JobRunrPeer implements Peer {
  private static final int CONNECTIONS = 20;
  private static final Duration POLL = Duration.ofSeconds(5);

  private final Database database;
  private final JsonMapper json = new Jackson3JsonMapper();
  private HikariDataSource source;
  private StorageProvider storage;
  private JobRequestScheduler scheduler;
  private BackgroundJobServer server;

  JobRunrPeer(Database database) {
    this.database = database;
  }

  @Override
  public Facts facts() {
    return new Facts(
        "JobRunr",
        Versions.of("jobrunr"),
        database.name(),
        database.durability(),
        "poll 5 s (its minimum), default workers (16 virtual threads a core), job requests, bulk by"
            + " enqueue(Stream), pool of 20; "
            + database.settings());
  }

  @Override
  public void open(Path directory) throws Exception {
    source = database.create(directory, CONNECTIONS);
    storage = SqlStorageProviderFactory.using(source);
    storage.setJobMapper(new JobMapper(json));
    scheduler = new JobRequestScheduler(storage);
  }

  @Override
  public void enqueue(Payload payload) {
    scheduler.enqueue(Request.of(payload));
  }

  @Override
  public void enqueueAll(List<Payload> payloads) {
    scheduler.enqueue(payloads.stream().map(Request::of));
  }

  @Override
  public void start(IntConsumer handler) {
    BackgroundJobServerConfiguration configuration =
        usingStandardBackgroundJobServerConfiguration().andPollInterval(POLL);
    server = new BackgroundJobServer(storage, json, activator(new NoOp(handler)), configuration);
    server.start();
  }

  private static JobActivator activator(NoOp handler) {
    return new JobActivator() {
      @Override
      public <T> T activateJob(Class<T> type) {
        return type.cast(handler);
      }
    };
  }

  @Override
  public long unended() throws Exception {
    return Sql.count(source, "select count(*) from jobrunr_jobs where state <> 'SUCCEEDED'");
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
      server = null;
    }
    storage.close();
    source.close();
  }

  /// The payload as JobRunr wants it: public.
  public record Request(int id, String to, String subject) implements JobRequest {
    static Request of(Payload payload) {
      return new Request(payload.id(), payload.to(), payload.subject());
    }

    @Override
    public Class<NoOp> getJobRequestHandler() {
      return NoOp.class;
    }
  }

  /// The handler as JobRunr wants it: public.
  public record NoOp(IntConsumer handler) implements JobRequestHandler<Request> {
    @Override
    public void run(Request request) {
      handler.accept(request.id());
    }
  }
}
