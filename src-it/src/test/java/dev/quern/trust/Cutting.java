package dev.quern.trust;

import dev.quern.support.Finding.Verdict;
import dev.quern.trust.Platter.Model;
import dev.quern.trust.Recording.Event;
import dev.quern.trust.Recording.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Cuts the power at many moments of a recording, and looks at what is left.
///
/// @param recording what happened
/// @param name the name of the database
/// @param cuts the moments, in order
record Cutting(Recording recording, String name, List<Cut> cuts) {
  /// Of so many images one is also opened by an engine, which does all that is left to do.
  private static final int ENGINE_EACH = 10;

  private static final int FAULTS_SHOWN = 10;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  /// A moment without power, just before an event.
  ///
  /// @param at the number of the event
  /// @param model what of the unsynced writes is there
  /// @param seed which part of them, if a part is
  /// @param engine whether an engine opens it too
  record Cut(int at, Model model, long seed, boolean engine) {}

  /// What was found.
  ///
  /// @param images how many images were looked at
  /// @param lossy in how many of them something was lost
  /// @param corrupt how many of them SQLite could not read, or said that they are damaged
  /// @param promises the most promises that an image was held against
  /// @param faults the first of them
  record Result(
      int images,
      int engines,
      int lossy,
      int corrupt,
      int promises,
      Verdict verdict,
      Set<String> stores,
      List<String> faults) {
    static final Result NONE = new Result(0, 0, 0, 0, 0, Verdict.CLEAN, Set.of(), List.of());

    Result plus(Result other) {
      Set<String> both = new LinkedHashSet<>(stores);
      both.addAll(other.stores);
      List<String> all = new ArrayList<>(faults);
      all.addAll(other.faults);
      return new Result(
          images + other.images,
          engines + other.engines,
          lossy + other.lossy,
          corrupt + other.corrupt,
          Math.max(promises, other.promises),
          verdict.plus(other.verdict),
          both,
          all.subList(0, Math.min(FAULTS_SHOWN, all.size())));
    }
  }

  /// Chooses so many moments of a recording for each of some models. Images that could not differ
  /// are not looked at twice: before each change all that was written is there, before each end of
  /// a sync all that was synced. While it is opened and closed the moments are closer.
  static Cutting choose(Recording recording, String name, Map<Model, Integer> counts, long seed) {
    Random random = new Random(seed);
    List<Integer> changes = moments(recording, false);
    List<Integer> syncs = moments(recording, true);
    List<Cut> cuts = new ArrayList<>();
    counts.forEach((model, count) -> {
      List<Integer> from = model == Model.SYNCED ? syncs : changes;
      for (int at : some(from, count, model == Model.TORN, random)) {
        cuts.add(new Cut(at, model, random.nextLong(), random.nextInt(ENGINE_EACH) == 0));
      }
    });
    cuts.sort(Comparator.comparingInt(Cut::at));
    return new Cutting(recording, name, cuts);
  }

  private static List<Integer> some(
      List<Integer> moments, int count, boolean again, Random random) {
    Set<Integer> different = new LinkedHashSet<>();
    List<Integer> shuffled = new ArrayList<>(moments);
    Collections.shuffle(shuffled, random);
    different.addAll(shuffled);
    List<Integer> chosen = new ArrayList<>(different);
    while (again && chosen.size() < count) {
      chosen.add(moments.get(random.nextInt(moments.size())));
    }
    return chosen.subList(0, Math.min(count, chosen.size()));
  }

  /// Moments of opening and closing are there four times, to be chosen more often.
  private static List<Integer> moments(Recording recording, boolean syncs) {
    List<Integer> moments = new ArrayList<>();
    boolean special = true;
    for (int i = 0; i < recording.events().size(); i++) {
      Event event = recording.events().get(i);
      for (String line : recording.lines(event)) {
        special = line.startsWith("open") ? line.equals("open") : special || line.equals("close");
      }
      if (syncs ? event.kind() == Kind.SYNC_ENDS : event.changes()) {
        moments.addAll(Collections.nCopies(special ? 4 : 1, i));
      }
    }
    moments.add(recording.events().size());
    return moments;
  }

  // ---- looking

  /// Looks at all images, on all processors.
  Result look(Path directory) throws Exception {
    Path images = Disk.inMemory(directory);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Result>> parts =
          IntStream.range(0, THREADS)
              .<Callable<Result>>mapToObj(part -> () -> look(part, images))
              .toList();
      Result result = Result.NONE;
      for (Future<Result> part : threads.invokeAll(parts)) {
        result = result.plus(part.get());
      }
      return result;
    } finally {
      Disk.delete(images);
    }
  }

  private Result look(int part, Path images) throws Exception {
    Path directory = Files.createDirectory(images.resolve("part" + part));
    List<Cut> mine =
        IntStream.range(0, cuts.size())
            .filter(i -> i % THREADS == part)
            .mapToObj(cuts::get)
            .toList();
    return new Replay(new ImageCheck(directory, name), mine).run();
  }

  /// One thread's way through the recording.
  private final class Replay {
    private final ImageCheck check;
    private final List<Cut> mine;
    private final Platter platter = new Platter(recording);
    private final Told told = new Told();
    private Result result = Result.NONE;

    Replay(ImageCheck check, List<Cut> mine) {
      this.check = check;
      this.mine = mine;
    }

    Result run() throws Exception {
      int at = 0;
      for (Cut cut : mine) {
        for (; at < cut.at(); at++) {
          Event event = recording.events().get(at);
          platter.step(event);
          recording.lines(event).forEach(told::hear);
        }
        cut(cut);
      }
      return result;
    }

    private void cut(Cut cut) throws Exception {
      Map<String, Content> image = platter.image(cut.model(), new Random(cut.seed()));
      add(cut, check.look(image, told), false);
      if (cut.engine()) {
        add(cut, check.run(image, told), true);
      }
    }

    private void add(Cut cut, ImageCheck.Found found, boolean engine) {
      boolean corrupt =
          found.corrupt() || found.faults().stream().anyMatch(fault -> fault.contains("is whole"));
      result =
          result.plus(
              new Result(
                  engine ? 0 : 1,
                  engine ? 1 : 0,
                  found.verdict().lost() > 0 ? 1 : 0,
                  corrupt ? 1 : 0,
                  told.promises(),
                  found.verdict(),
                  told.acks() > 0 ? Set.of(found.store()) : Set.of(),
                  found.faults().stream().map(fault -> cut + ": " + fault).toList()));
    }
  }
}
