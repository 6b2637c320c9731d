package dev.quern.store;

import java.sql.SQLException;
import java.util.List;

/// A kind of write. All requests of one step in a batch are applied together, so that they can
/// become one statement. A step may be applied again, to fewer and fewer requests at a time, when a
/// batch was rolled back: it touches nothing but its transaction, and leaves what must wait for the
/// commit to the [Attendant].
///
/// @param <W> what is asked
/// @param <T> what is answered
public interface Step<W, T> {

  /// The place of a step in its batch.
  enum Phase {
    /// Ends of attempts.
    SETTLE,
    /// Requests to cancel.
    CANCEL,
    /// New jobs.
    ENQUEUE,
    /// Everything else.
    OTHER,
    /// Claims by hand.
    CLAIM
  }

  /// Its place in a batch.
  Phase phase();

  /// Applies all requests and returns their answers in the same order.
  List<T> apply(Tx tx, List<W> members) throws SQLException;
}
