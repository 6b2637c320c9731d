package dev.quern.cli;

import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.TenantUsage;
import dev.quern.wire.AccessJson;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `quern tenant`: those who share a database and see nothing of each other.
final class TenantCommand {
  private static final Option<String> NAME =
      Option.text("name", "TEXT", "its name for people (default: its id)");
  private static final Option<Long> LIVE_JOBS =
      Option.of("live-jobs", "N", "jobs that have not ended it may have", Values::quota);
  private static final Option<Long> PAYLOAD_BYTES =
      Option.of("payload-bytes", "N", "bytes of payload these may have together", Values::quota);

  static final Command CREATE =
      Command.named("tenant create", "creates a tenant")
          .operands("ID", 1, 1)
          .options(NAME, LIVE_JOBS, PAYLOAD_BYTES)
          .example("quern tenant create acme --name 'Acme Ltd' --live-jobs 100000")
          .details("Without a quota there is no limit. 'quern token create' makes its tokens.")
          .atServersToo()
          .does(TenantCommand::create);

  static final Command LIST =
      Command.named("tenant list", "lists the tenants")
          .example("quern tenant list")
          .atServersToo()
          .does(TenantCommand::list);

  static final Command SHOW =
      Command.named("tenant show", "shows a tenant, its quotas and what it uses of them")
          .operands("ID", 1, 1)
          .example("quern tenant show acme")
          .atServersToo()
          .does(TenantCommand::show);

  static final Command SUSPEND =
      Command.named("tenant suspend", "lets a tenant enqueue nothing, and starts none of its jobs")
          .operands("ID", 1, 1)
          .example("quern tenant suspend acme")
          .details("Jobs that run already go on.")
          .atServersToo()
          .does((arguments, console) -> suspend(true, arguments, console));

  static final Command RESUME =
      Command.named("tenant resume", "lets a suspended tenant go on")
          .operands("ID", 1, 1)
          .example("quern tenant resume acme")
          .atServersToo()
          .does((arguments, console) -> suspend(false, arguments, console));

  private TenantCommand() {}

  private static Failed none(String id) {
    return Failed.notFound("no tenant " + id + ": 'quern tenant list' lists them");
  }

  private static void json(Tenant tenant, Optional<TenantUsage> usage, Console console) {
    console.json(json -> AccessJson.write(json, tenant, usage));
  }

  // ---- create

  private static int create(Arguments arguments, Console console) throws IOException {
    String id = arguments.operand(0);
    TenantPolicy policy =
        new TenantPolicy(
            arguments.get(NAME).orElse(id),
            arguments.get(LIVE_JOBS),
            arguments.get(PAYLOAD_BYTES),
            false);
    try (Queue queue = Queues.open(arguments, console)) {
      Tenant tenant =
          queue
              .grants()
              .create(id, policy)
              .orElseThrow(() -> new Failed(Exit.CONFLICT, "there is a tenant " + id + " already"));
      if (arguments.json()) {
        json(tenant, Optional.empty(), console);
      } else {
        console.line("tenant " + id + " is created");
      }
    }
    return Exit.OK;
  }

  // ---- look

  private static int list(Arguments arguments, Console console) throws IOException {
    try (Queue queue = Queues.existing(arguments, console)) {
      List<Tenant> tenants = queue.grants().tenants();
      if (arguments.json()) {
        json(tenants, console);
      } else if (tenants.isEmpty()) {
        console.say("no tenants");
      } else {
        console.table(table(tenants, console.when()));
      }
    }
    return Exit.OK;
  }

  private static void json(List<Tenant> tenants, Console console) {
    console.json(json -> {
      json.beginArray();
      tenants.forEach(tenant -> AccessJson.write(json, tenant, Optional.empty()));
      json.endArray();
    });
  }

  private static Table table(List<Tenant> tenants, When when) {
    Table table = new Table("ID", "NAME", "LIVE JOBS", "PAYLOAD BYTES", "CREATED", "STATUS");
    for (Tenant tenant : tenants) {
      TenantPolicy policy = tenant.policy();
      table.row(
          tenant.id(),
          policy.name(),
          policy.liveJobs().map(String::valueOf).orElse("no limit"),
          policy.payloadBytes().map(String::valueOf).orElse("no limit"),
          when.brief(tenant.createdAt()),
          tenant.suspendedAt().map(at -> "suspended, " + when.brief(at)).orElse("open"));
    }
    return table;
  }

  private static int show(Arguments arguments, Console console) throws IOException {
    String id = arguments.operand(0);
    try (Queue queue = Queues.existing(arguments, console)) {
      Grants.Used used = queue.grants().tenant(id).orElseThrow(() -> none(id));
      if (arguments.json()) {
        json(used.tenant(), Optional.of(used.usage()), console);
      } else {
        print(used.tenant(), used.usage(), console);
      }
    }
    return Exit.OK;
  }

  private static void print(Tenant tenant, TenantUsage usage, Console console) {
    When when = console.when();
    console.line(console.bold("tenant " + tenant.id()));
    field("name", tenant.policy().name(), console);
    field("created", when.exact(tenant.createdAt()), console);
    tenant.suspendedAt().ifPresent(at -> field("suspended", when.exact(at), console));
    field("live jobs", usage.liveJobs() + of(tenant.policy().liveJobs()), console);
    field("payload bytes", usage.payloadBytes() + of(tenant.policy().payloadBytes()), console);
  }

  private static void field(String name, String value, Console console) {
    console.line("  %-13s  %s".formatted(name, Text.oneLine(value)));
  }

  private static String of(Optional<Long> quota) {
    return quota.map(most -> " of " + most).orElse("");
  }

  // ---- suspend

  private static int suspend(boolean suspended, Arguments arguments, Console console)
      throws IOException {
    String id = arguments.operand(0);
    try (Queue queue = Queues.existing(arguments, console)) {
      Tenant tenant = queue.grants().suspend(id, suspended).orElseThrow(() -> none(id));
      if (arguments.json()) {
        json(tenant, Optional.empty(), console);
      } else {
        console.line("tenant " + id + (suspended ? " is suspended" : " goes on"));
      }
    }
    return Exit.OK;
  }
}
