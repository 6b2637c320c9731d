package dev.quern.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// Tells those who wait for a batch what became of it: all of them, whatever happens, even where no
/// memory is left.
final class Answers {
  private static final Logger LOG = System.getLogger(Writer.class.getName());

  /// More waiting virtual threads than this are woken by one of them.
  private static final int WAKE_ALONE = 8;

  private Answers() {}

  /// Tells everyone of a batch that it is durable.
  static void succeed(List<Request<?, ?>> batch) {
    try {
      answer(batch);
    } catch (Error noRoom) {
      answerEach(batch, null);
    }
  }

  /// Tells those who do not know yet that it is not, or may not be.
  static void fail(List<Request<?, ?>> batch, RuntimeException why) {
    answerEach(batch, why);
  }

  private static void answer(List<Request<?, ?>> batch) {
    List<Request<?, ?>> virtual = new ArrayList<>();
    for (Request<?, ?> request : batch) {
      if (request.awaitedVirtually()) {
        virtual.add(request);
      } else {
        safely(request::succeed);
      }
    }
    answerVirtual(virtual);
  }

  /// To wake a virtual thread costs the writer half a microsecond, and another virtual thread much
  /// less; both need the same processors.
  private static void answerVirtual(List<Request<?, ?>> requests) {
    if (requests.size() > WAKE_ALONE) {
      Thread.startVirtualThread(() -> requests.forEach(Request::succeed));
    } else {
      requests.forEach(Request::succeed);
    }
  }

  /// Makes a call whose fault changes nothing any more.
  static void safely(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error fault) {
      log(Level.ERROR, "after a commit", fault);
    }
  }

  /// Tells those who do not know yet; `why` is null where all went well. Needs no memory of its
  /// own.
  private static void answerEach(List<Request<?, ?>> batch, RuntimeException why) {
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.get(i).answered()) {
        answerSafely(batch.get(i), why);
      }
    }
  }

  private static void answerSafely(Request<?, ?> request, RuntimeException why) {
    try {
      if (why == null) {
        request.succeed();
      } else {
        request.fail(why);
      }
    } catch (RuntimeException | Error fault) {
      log(Level.ERROR, "after an answer", fault);
    }
  }

  /// Tells the log, if there is memory for a line in it.
  static void log(Level level, String what, Throwable fault) {
    try {
      LOG.log(level, what, fault);
    } catch (Error noRoom) {
      // There is no memory for a line in the log.
    }
  }
}
