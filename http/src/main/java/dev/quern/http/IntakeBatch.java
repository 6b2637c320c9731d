package dev.quern.http;

import dev.quern.Enqueued;
import dev.quern.NewJob;
import dev.quern.StoreException;
import dev.quern.TenantRefusedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// New jobs that are written together, though each is accepted or refused by itself.
final class IntakeBatch {
  private final View view;
  private final List<Supplier<Intake>> answers = new ArrayList<>();
  private final List<NewJob> jobs = new ArrayList<>();
  private Iterator<Intake> written = List.<Intake>of().iterator();

  IntakeBatch(View view) {
    this.view = view;
  }

  int size() {
    return answers.size();
  }

  /// Adds a job, which may be refused as it is read.
  void add(Supplier<NewJob> reader) {
    try {
      jobs.add(reader.get());
      answers.add(() -> written.next());
    } catch (Problem refused) {
      answers.add(() -> Intake.of(refused));
    }
  }

  /// Writes all that were added; answers in their order.
  List<Intake> flush() {
    written = write().iterator();
    List<Intake> all = answers.stream().map(Supplier::get).toList();
    answers.clear();
    jobs.clear();
    return all;
  }

  private List<Intake> write() {
    try {
      return view.enqueueAll(List.copyOf(jobs)).stream().map(Intake::of).toList();
    } catch (IllegalArgumentException | TenantRefusedException _) {
      // One of them is refused, or all together are too many or too long.
      return jobs.stream().map(this::writeOne).toList();
    } catch (StoreException fault) {
      Problem problem = Problem.of(fault).orElseThrow(() -> fault);
      return jobs.stream().map(_ -> Intake.of(problem)).toList();
    }
  }

  private Intake writeOne(NewJob job) {
    try {
      Enqueued enqueued = Problem.checked("/payload", () -> view.enqueue(job));
      return Intake.of(enqueued);
    } catch (Problem | StoreException | TenantRefusedException refused) {
      return Intake.of(Problem.known(refused).orElseThrow(() -> refused));
    }
  }
}
