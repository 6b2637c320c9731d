package dev.quern.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// One call at the door of the [Writer], and its answer.
///
/// @param <W> what is asked
/// @param <T> what is answered
final class Request<W, T> {
  private final Step<W, T> step;
  private final W member;
  private final int rows;
  private final int bytes;
  private final Answer<T> onAnswer;
  private final Thread caller = Thread.currentThread();
  private boolean weightless;
  private boolean durable;

  private T answer;
  private RuntimeException fault;
  private volatile boolean answered;

  /// Told of an answer on the thread that writes: one of the two is null.
  interface Answer<T> {
    void given(T answer, RuntimeException fault);
  }

  Request(Step<W, T> step, W member, int rows, int bytes, Answer<T> onAnswer) {
    this.step = step;
    this.member = member;
    this.rows = rows;
    this.bytes = bytes;
    this.onAnswer = onAnswer;
  }

  Step<W, T> step() {
    return step;
  }

  W member() {
    return member;
  }

  int rows() {
    return rows;
  }

  int bytes() {
    return bytes;
  }

  /// Takes no room at the door.
  void beWeightless() {
    weightless = true;
  }

  boolean weightless() {
    return weightless;
  }

  /// The requests of a batch in the order in which they are applied: by phase, and those of one
  /// step together.
  static List<List<Request<?, ?>>> byStep(List<Request<?, ?>> batch) {
    if (batch.size() == 1) {
      return List.of(batch);
    }
    Map<Step.Phase, Map<Step<?, ?>, List<Request<?, ?>>>> phases = new EnumMap<>(Step.Phase.class);
    for (Request<?, ?> request : batch) {
      phases
          .computeIfAbsent(request.step().phase(), _ -> new IdentityHashMap<>())
          .computeIfAbsent(request.step(), _ -> new ArrayList<>())
          .add(request);
    }
    return phases.values().stream().flatMap(steps -> steps.values().stream()).toList();
  }

  /// Applies requests of one step together.
  static void applyAll(Tx tx, List<Request<?, ?>> ofOneStep) throws SQLException {
    @SuppressWarnings("unchecked")
    List<Request<Object, Object>> requests = (List<Request<Object, Object>>) (List<?>) ofOneStep;
    List<Object> members = new ArrayList<>(requests.size());
    for (Request<Object, Object> request : requests) {
      members.add(request.member());
    }
    List<Object> answers = requests.getFirst().step.apply(tx, members);
    for (int i = 0; i < answers.size(); i++) {
      requests.get(i).answer = answers.get(i);
    }
  }

  /// Hands over what was applied, once it is durable.
  void succeed() {
    deliver();
  }

  /// Takes note that what was applied is durable. Whatever fails from here on, that is the answer.
  void beDurable() {
    durable = true;
  }

  /// Hands over why nothing was changed, unless what was applied is durable.
  void fail(RuntimeException why) {
    if (!durable) {
      fault = why;
      answer = null;
    }
    deliver();
  }

  private void deliver() {
    answered = true;
    if (onAnswer != null) {
      onAnswer.given(answer, fault);
    } else {
      LockSupport.unpark(caller);
    }
  }

  /// Waits for the answer. An interrupt does not cut the wait short, since the write may happen all
  /// the same; the flag is kept.
  T await() {
    boolean interrupted = false;
    while (!answered) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return value();
  }

  /// Whether a virtual thread waits for the answer.
  boolean awaitedVirtually() {
    return onAnswer == null && caller.isVirtual();
  }

  boolean answered() {
    return answered;
  }

  T value() {
    if (fault != null) {
      throw fault;
    }
    return answer;
  }
}
