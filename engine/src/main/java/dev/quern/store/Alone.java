package dev.quern.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The step of works that share nothing.
final class Alone implements Step<Work<Object>, Object> {
  private static final Alone STEP = new Alone();

  private Alone() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  static <T> Step<Work<T>, T> step() {
    return (Step) STEP;
  }

  @Override
  public Phase phase() {
    return Phase.OTHER;
  }

  @Override
  public List<Object> apply(Tx tx, List<Work<Object>> members) throws SQLException {
    List<Object> answers = new ArrayList<>(members.size());
    for (Work<Object> work : members) {
      answers.add(work.apply(tx));
    }
    return Collections.unmodifiableList(answers);
  }
}
